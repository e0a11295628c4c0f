import { Injectable } from '@nestjs/common';
import type { decideEnb, EnbRegister, EnbVersion, proposeEnb } from '@wattproof/contracts/api';
import {
  addEnb,
  fitEnb,
  hashPeriod,
  loadEnpis,
  needsHours,
  periodOf,
  readDailyData,
} from '@wattproof/database';
import {
  answerProposal,
  decideEnbVersion,
  findEnpiRun,
  listEnbs,
  recordEventBy,
  type Scope,
} from '@wattproof/database/queries';
import { dayOrdinal } from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { enbView } from './enb-view.ts';

/** @throws AppError notFound, also where the EnPI is another organisation's or of a site outside the membership. */
export async function requireEnpi(client: PoolClient, scope: Scope, enpiId: string) {
  const enpi = await findEnpiRun(client, scope, enpiId);
  if (!enpi) throw new AppError('notFound', `There is no EnPI ${enpiId}`);
  return enpi;
}

@Injectable()
export class EnbService {
  constructor(private readonly resources: Resources) {}

  register(scope: Scope, enpiId: string): Promise<EnbRegister> {
    return this.resources.database.readOrganisation(scope.organisationId, (client) =>
      registerOf(client, scope, enpiId),
    );
  }

  async propose(caller: Caller, enpiId: string, wish: z.output<typeof proposeEnb>): Promise<EnbVersion> {
    const { scope } = caller;
    const enbId = await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireEnpi(client, scope, enpiId);
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`enpi/${enpiId}`]);
      const [enpi] = await loadEnpis(client, enpiId);
      if (!enpi) throw new AppError('notFound', `There is no EnPI ${enpiId}`);
      const definition = {
        ...enpi.definition,
        ...(wish.baseline ? { baselineFrom: wish.baseline.from, baselineTo: wish.baseline.to } : {}),
      };
      if (dayOrdinal(definition.baselineTo) <= dayOrdinal(definition.baselineFrom))
        throw new AppError('invalid', 'baseline: from must lie before to', { ...wish.baseline });
      const data = await readDailyData(client, {
        table: 'public.interval_day',
        timeZone: enpi.timeZone,
        base_s: enpi.base_s,
        meterIds: definition.meterIds,
        measurand: definition.measurand,
        variables: definition.variables,
        from: definition.baselineFrom,
        to: definition.baselineTo,
        withHours: needsHours(wish.choice.form),
      });
      const period = periodOf(data, definition.baselineFrom, definition.baselineTo);
      const { form, variables, baseLoadShare } = wish.choice;
      const choice = { form, variables, ...(baseLoadShare === undefined ? {} : { baseLoadShare }) };
      const fitted = fitEnb(period, definition, choice);
      if (!fitted.ok)
        throw new AppError('invalid', fitted.disqualifications[0]?.message ?? 'The model cannot be fitted', {
          findings: fitted.disqualifications,
        });
      const added = await addEnb(client, enpi, {
        ...fitted.enb,
        inputSha256: hashPeriod(period),
        computedAt: new Date(),
        choice,
        reason: wish.reason,
        proposedBy: caller.name,
      });
      if (
        wish.proposalId &&
        !(await answerProposal(client, scope, { proposalId: wish.proposalId, enpiId, enbId: added.id }))
      )
        throw new AppError('notFound', `There is no open proposal ${wish.proposalId} of this EnPI`);
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'enb.propose',
        object: `enpi ${enpiId}`,
        after: { version: added.version, choice, reason: wish.reason, baseline: wish.baseline ?? null },
      });
      return added.id;
    });
    return this.afterwards(scope, enpiId, enbId);
  }

  async decide(
    caller: Caller,
    { enpiId, enbId }: { readonly enpiId: string; readonly enbId: string },
    wish: z.output<typeof decideEnb>,
  ): Promise<EnbVersion> {
    const { scope } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireEnpi(client, scope, enpiId);
      const enb = (await listEnbs(client, scope, enpiId)).find(({ id }) => id === enbId);
      if (!enb) throw new AppError('notFound', `The EnPI has no baseline ${enbId}`);
      const state = wish.decision === 'approve' ? 'approved' : 'refused';
      if (
        !(await decideEnbVersion(
          client,
          scope,
          { enpiId, enbId },
          { state, by: caller.name, reason: wish.reason },
        ))
      )
        throw new AppError('conflict', `Version ${enb.version} is ${enb.state}, not proposed`, {
          state: enb.state,
        });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: `enb.${wish.decision}`,
        object: `enpi ${enpiId}`,
        before: { version: enb.version, state: enb.state },
        after: { version: enb.version, state, reason: wish.reason },
      });
    });
    return this.afterwards(scope, enpiId, enbId);
  }

  /** The workers state the reporting period against it; what is known at once is answered. */
  private async afterwards(scope: Scope, enpiId: string, enbId: string): Promise<EnbVersion> {
    await enqueue(this.resources.jobs, 'computeEnpi', { enpiId });
    const { enbs } = await this.register(scope, enpiId);
    const enb = enbs.find(({ id }) => id === enbId);
    if (!enb) throw new Error('a baseline that was stored is not there');
    return enb;
  }
}

async function registerOf(client: PoolClient, scope: Scope, enpiId: string): Promise<EnbRegister> {
  await requireEnpi(client, scope, enpiId);
  const rows = await listEnbs(client, scope, enpiId);
  const inForce =
    rows.find(({ state }) => state === 'approved') ?? rows.find(({ state }) => state === 'proposed');
  return { enpiId, enbs: rows.map((row) => enbView(row, inForce?.id ?? null)) };
}
