import { Injectable } from '@nestjs/common';
import type {
  changeStaticFactor,
  createStaticFactor,
  StaticFactor,
  StaticFactors,
} from '@wattproof/contracts/api';
import { raiseRebaseline } from '@wattproof/database';
import {
  addStaticFactor,
  addStaticFactorValue,
  enpisOfStaticFactor,
  listStaticFactors,
  recordEventBy,
  type Scope,
  type StaticFactorRow,
} from '@wattproof/database/queries';
import { finding } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';

@Injectable()
export class StaticFactorService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, siteId: string): Promise<StaticFactors> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireSite(client, scope, siteId);
      return { siteId, staticFactors: (await listStaticFactors(client, scope, { siteId })).map(factorView) };
    });
  }

  async create(
    caller: Caller,
    siteId: string,
    wish: z.output<typeof createStaticFactor>,
  ): Promise<StaticFactor> {
    const { scope } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireSite(client, scope, siteId);
      const factorId = await addStaticFactor(client, scope, siteId, wish);
      if (factorId === null)
        throw new AppError('conflict', `The site has a static factor "${wish.name}" already`);
      await addStaticFactorValue(client, scope, factorId, { ...wish, by: caller.name });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'staticFactor.create',
        object: `site ${siteId}`,
        after: { ...wish },
      });
      return factorView((await listStaticFactors(client, scope, { factorId }))[0] as StaticFactorRow);
    });
  }

  /** The change and the proposals that it raises are one act. */
  async change(
    caller: Caller,
    factorId: string,
    wish: z.output<typeof changeStaticFactor>,
  ): Promise<StaticFactor> {
    const { scope } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const [before] = await listStaticFactors(client, scope, { factorId });
      if (!before) throw new AppError('notFound', `There is no static factor ${factorId}`);
      const last = before.values.filter(({ validFrom }) => validFrom <= wish.validFrom).at(-1);
      if (last?.value === wish.value)
        throw new AppError('conflict', `It is ${wish.value} since ${last.validFrom} already`);
      await addStaticFactorValue(client, scope, factorId, { ...wish, by: caller.name });
      const found = finding('staticFactorChanged', 'A static factor changed', {
        name: before.name,
        from: last?.value ?? null,
        to: wish.value,
        unit: before.unit,
        reason: wish.reason,
      });
      const raised: string[] = [];
      for (const enpi of await enpisOfStaticFactor(client, scope, factorId)) {
        const proposalId = await raiseRebaseline(
          client,
          { id: enpi.id, organisationId: scope.organisationId },
          {
            trigger: 'staticFactorChanged',
            since: wish.validFrom,
            findings: [found],
            aboutEnbId: enpi.enbId,
            raisedBy: caller.name,
          },
        );
        if (proposalId) raised.push(proposalId);
      }
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'staticFactor.change',
        object: `staticFactor ${factorId}`,
        before: { value: last?.value ?? null },
        after: { ...wish, proposals: raised },
      });
      return factorView((await listStaticFactors(client, scope, { factorId }))[0] as StaticFactorRow);
    });
  }
}

const factorView = (row: StaticFactorRow): StaticFactor => ({
  ...row,
  values: row.values.map((value) => ({ ...value, recordedAt: new Date(value.recordedAt).toISOString() })),
});
