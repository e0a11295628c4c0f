import { Injectable } from '@nestjs/common';
import type { RebaselineProposal } from '@wattproof/contracts/api';
import { raiseRebaseline } from '@wattproof/database';
import {
  closeProposal,
  listProposals,
  type ProposalRow,
  recordEventBy,
  type Scope,
} from '@wattproof/database/queries';
import { finding } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { requireEnpi } from '../enpi/enb.service.ts';
import { findingsView } from '../enpi/enb-view.ts';
import { Resources } from '../resources.ts';

@Injectable()
export class RebaselineService {
  constructor(private readonly resources: Resources) {}

  list(
    scope: Scope,
    filter: { readonly state?: string | undefined; readonly siteId?: string | undefined },
  ): Promise<RebaselineProposal[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) =>
      (await listProposals(client, scope, filter)).map(proposalView),
    );
  }

  raise(
    caller: Caller,
    enpiId: string,
    wish: { readonly since: string; readonly reason: string },
  ): Promise<RebaselineProposal> {
    const { scope } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const enpi = await requireEnpi(client, scope, enpiId);
      const proposalId = await raiseRebaseline(
        client,
        { id: enpiId, organisationId: scope.organisationId },
        {
          trigger: 'manual',
          since: wish.since,
          findings: [finding('stated', wish.reason, { reason: wish.reason })],
          aboutEnbId: enpi.enb?.id ?? null,
          raisedBy: caller.name,
        },
      );
      if (proposalId === null)
        throw new AppError('conflict', 'A proposal of a person is open for this EnPI already');
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'rebaselineProposal.create',
        object: `enpi ${enpiId}`,
        after: { ...wish, proposalId },
      });
      return requireProposal(client, scope, proposalId);
    });
  }

  dismiss(
    caller: Caller,
    proposalId: string,
    { reason }: { readonly reason: string },
  ): Promise<RebaselineProposal> {
    const { scope } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const before = await requireProposal(client, scope, proposalId);
      if (!(await closeProposal(client, scope, proposalId, { by: caller.name, reason })))
        throw new AppError('conflict', `The proposal is ${before.state} already`, { state: before.state });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'rebaselineProposal.dismiss',
        object: `enpi ${before.enpiId}`,
        before: { proposalId, trigger: before.trigger },
        after: { reason },
      });
      return requireProposal(client, scope, proposalId);
    });
  }
}

async function requireProposal(
  client: PoolClient,
  scope: Scope,
  proposalId: string,
): Promise<RebaselineProposal> {
  const [row] = await listProposals(client, scope, { proposalId });
  if (!row) throw new AppError('notFound', `There is no proposal ${proposalId}`);
  return proposalView(row);
}

const proposalView = ({ raisedAt, decidedAt, findings, ...row }: ProposalRow): RebaselineProposal => ({
  ...row,
  findings: findingsView(findings),
  raisedAt: raisedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
});
