import type { Finding, ModelChoice } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { EnbState, StoredEnb, StoredEnbResult } from './performance/index.ts';
import type { Scope } from './scope.ts';

/** A version of a baseline as the register shows it. */
export interface EnbRow {
  readonly id: string;
  readonly version: number;
  readonly state: EnbState;
  readonly model: StoredEnb;
  readonly choice: ModelChoice | null;
  readonly findings: readonly Finding[];
  readonly inputSha256: string;
  readonly computedAt: Date;
  readonly reason: string;
  readonly proposedBy: string | null;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
  readonly result: StoredEnbResult | null;
}

/** Versions of an EnPI that the caller has found in its scope, newest first. */
export async function listEnbs(client: PoolClient, scope: Scope, enpiId: string): Promise<EnbRow[]> {
  const { rows } = await client.query<EnbRow>(
    `SELECT id, version, state, model, choice, findings, input_sha256 AS "inputSha256", computed_at AS "computedAt", reason,
       proposed_by AS "proposedBy", proposed_at AS "proposedAt", decided_by AS "decidedBy", decided_at AS "decidedAt",
       decision_reason AS "decisionReason", result
     FROM enb WHERE organisation_id = $1 AND enpi_id = $2 ORDER BY version DESC LIMIT 200`,
    [scope.organisationId, enpiId],
  );
  return rows;
}

/**
 * Approves or refuses a proposed version. The version in force is retired first, so that there is one at most. Answers
 * false where the version is not proposed any more.
 */
export async function decideEnbVersion(
  client: PoolClient,
  scope: Scope,
  { enpiId, enbId }: { readonly enpiId: string; readonly enbId: string },
  decision: { readonly state: 'approved' | 'refused'; readonly by: string; readonly reason: string },
): Promise<boolean> {
  // The worker that computes this EnPI waits, and so does a second decision.
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`enpi/${enpiId}`]);
  const found = await client.query(
    `SELECT FROM enb WHERE organisation_id = $1 AND enpi_id = $2 AND id = $3 AND state = 'proposed'`,
    [scope.organisationId, enpiId, enbId],
  );
  if (found.rowCount === 0) return false;
  if (decision.state === 'approved')
    await client.query(
      `UPDATE enb SET state = 'retired' WHERE organisation_id = $1 AND enpi_id = $2 AND state = 'approved'`,
      [scope.organisationId, enpiId],
    );
  await client.query(
    `UPDATE enb SET state = $4, decided_by = $5, decided_at = now(), decision_reason = $6
     WHERE organisation_id = $1 AND enpi_id = $2 AND id = $3`,
    [scope.organisationId, enpiId, enbId, decision.state, decision.by, decision.reason],
  );
  // The EnPI is now defined on the period that was approved, and reports from its end.
  if (decision.state === 'approved')
    await client.query(
      `UPDATE enpi e SET baseline_from = (b.model #>> '{definition,baselineFrom}')::date,
         baseline_to = (b.model #>> '{definition,baselineTo}')::date,
         reporting_from = greatest(e.reporting_from, (b.model #>> '{definition,baselineTo}')::date)
       FROM enb b WHERE e.organisation_id = $1 AND e.id = $2 AND b.id = $3`,
      [scope.organisationId, enpiId, enbId],
    );
  if (decision.state === 'approved')
    await client.query(
      `UPDATE rebaseline_proposal SET state = 'accepted', decided_by = $4, decided_at = now(), decision_reason = $5
       WHERE organisation_id = $1 AND enpi_id = $2 AND enb_id = $3 AND state = 'open'`,
      [scope.organisationId, enpiId, enbId, decision.by, decision.reason],
    );
  return true;
}

export interface ProposalRow {
  readonly id: string;
  readonly enpiId: string;
  readonly enpiName: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly trigger:
    | 'staticFactorChanged'
    | 'variableOutOfRange'
    | 'drift'
    | 'baselineDataChanged'
    | 'definitionChanged'
    | 'manual';
  readonly since: string;
  readonly findings: readonly Finding[];
  readonly state: 'open' | 'accepted' | 'dismissed';
  readonly raisedAt: Date;
  readonly raisedBy: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
  readonly enbId: string | null;
}

export async function listProposals(
  client: PoolClient,
  scope: Scope,
  filter: {
    readonly state?: string | undefined;
    readonly siteId?: string | undefined;
    readonly proposalId?: string;
  },
): Promise<ProposalRow[]> {
  const { rows } = await client.query<ProposalRow>(
    `SELECT p.id, p.enpi_id AS "enpiId", e.name AS "enpiName", e.site_id AS "siteId", s.name AS "siteName", p.trigger,
       p.since::text, p.findings, p.state, p.raised_at AS "raisedAt", p.raised_by AS "raisedBy", p.decided_by AS "decidedBy",
       p.decided_at AS "decidedAt", p.decision_reason AS "decisionReason", p.enb_id AS "enbId"
     FROM rebaseline_proposal p JOIN enpi e ON e.id = p.enpi_id JOIN site s ON s.id = e.site_id
     WHERE p.organisation_id = $1 AND ($2::uuid[] IS NULL OR e.site_id = ANY ($2)) AND ($3::text IS NULL OR p.state = $3)
       AND ($4::uuid IS NULL OR e.site_id = $4) AND ($5::uuid IS NULL OR p.id = $5)
     ORDER BY p.raised_at DESC, p.id LIMIT 500`,
    [
      scope.organisationId,
      scope.siteIds,
      filter.state ?? null,
      filter.siteId ?? null,
      filter.proposalId ?? null,
    ],
  );
  return rows;
}

/** A version answers a proposal: approving it accepts the proposal. */
export async function answerProposal(
  client: PoolClient,
  scope: Scope,
  {
    proposalId,
    enpiId,
    enbId,
  }: { readonly proposalId: string; readonly enpiId: string; readonly enbId: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE rebaseline_proposal SET enb_id = $4 WHERE organisation_id = $1 AND id = $2 AND enpi_id = $3 AND state = 'open'`,
    [scope.organisationId, proposalId, enpiId, enbId],
  );
  return rowCount === 1;
}

export async function closeProposal(
  client: PoolClient,
  scope: Scope,
  proposalId: string,
  decision: { readonly by: string; readonly reason: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE rebaseline_proposal SET state = 'dismissed', decided_by = $3, decided_at = now(), decision_reason = $4
     WHERE organisation_id = $1 AND id = $2 AND state = 'open'`,
    [scope.organisationId, proposalId, decision.by, decision.reason],
  );
  return rowCount === 1;
}
