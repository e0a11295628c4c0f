import { createHash } from 'node:crypto';
import { type AuditGround, computedAudit, readAuditGround, ruleDateOf } from '@wattproof/database';
import { type CoverageVersion, factorsInUse, runningCoverage, runningFormulas } from '@wattproof/energy';
import { canonicalBytes } from '@wattproof/evidence';
import type { ClientBase } from 'pg';
import { performanceStatement } from '../performance/performance.ts';
import type { ReportFigures } from './audit-snapshot.ts';
import { type EnpiGround, enpiGrounds, enpiInput } from './enpi-ground.ts';

/** What the figures of a report are computed from, as plain data. The form is frozen; a change of it gets a new number. */
export interface ReportGround {
  readonly form: 'wattproof/report-ground/1';
  readonly audit: AuditGround;
  readonly enpis: readonly EnpiGround[];
}

/** Reads what there is now; null where there is no such audit. */
export async function readReportGround(client: ClientBase, auditId: string): Promise<ReportGround | null> {
  const audit = await readAuditGround(client, auditId);
  if (!audit) return null;
  const read: ReportGround = {
    form: 'wattproof/report-ground/1',
    audit,
    enpis: await enpiGrounds(client, audit.audit.legalEntityId),
  };
  // As it will be kept, so that what is computed now and what is computed again are computed from the same.
  return JSON.parse(JSON.stringify(read)) as ReportGround;
}

/** Digest of a ground in its canonical form: storing it as JSON does not change it. */
export const groundDigest = (ground: ReportGround): string =>
  createHash('sha256').update(canonicalBytes(ground)).digest('hex');

/**
 * The figures of a report from what they are computed from.
 * @param coverage version of its formula; another one than the running one only to check what was issued with it.
 */
export function reportFiguresOf(
  ground: ReportGround,
  coverage: CoverageVersion = runningCoverage,
): ReportFigures {
  const { audit } = ground.audit;
  return {
    computed: computedAudit(ground.audit, coverage),
    enpis: ground.enpis.map((enpi) => ({
      ...(enpi.id === undefined ? {} : { id: enpi.id }),
      name: enpi.name,
      siteName: enpi.siteName,
      version: enpi.version,
      model: enpi.model,
      quality: enpi.quality ?? null,
      performance: performanceStatement(enpiInput(enpi)),
    })),
    formulas: { ...runningFormulas(), auditCoverage: coverage },
    factors: factorsInUse(audit.country, ruleDateOf(audit)),
    groundSha256: groundDigest(ground),
  };
}
