import { Injectable } from '@nestjs/common';
import type {
  EnergyTarget,
  EnpiDefinition,
  EnpiPerformance,
  EnpiSummary,
  saveEnergyTarget,
} from '@wattproof/contracts/api';
import {
  addEnergyTarget,
  type EnergyTargetRow,
  type EnpiRunRow,
  listEnergyTargets,
  listStaticFactors,
  listVariables,
  recordEventBy,
  type Scope,
  saveEnpiDefinition,
  withdrawEnergyTarget,
} from '@wattproof/database/queries';
import { dayOrdinal, type Finding, findMeasurand } from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';
import { meterFindings } from './candidate.service.ts';
import { requireEnpi } from './enb.service.ts';
import { findingsView } from './enb-view.ts';
import { EnpiService } from './enpi.service.ts';

@Injectable()
export class EnpiDefinitionService {
  constructor(
    private readonly resources: Resources,
    private readonly enpis: EnpiService,
  ) {}

  async create(caller: Caller, wish: EnpiDefinition): Promise<EnpiSummary> {
    const { scope } = caller;
    const enpiId = await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireDefinition(client, scope, wish);
      const id = await saveEnpiDefinition(client, scope, wish, null);
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'enpi.create',
        object: `enpi ${id}`,
        after: { ...wish },
      });
      return id;
    });
    await enqueue(this.resources.jobs, 'computeEnpi', { enpiId });
    return this.enpis.detail(scope, enpiId);
  }

  async replace(caller: Caller, enpiId: string, wish: EnpiDefinition): Promise<EnpiSummary> {
    const { scope } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const { definition } = await requireEnpi(client, scope, enpiId);
      if (definition.siteId !== wish.siteId) throw new AppError('invalid', 'An EnPI stays at its site');
      await requireDefinition(client, scope, wish);
      await saveEnpiDefinition(client, scope, wish, enpiId);
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'enpi.replace',
        object: `enpi ${enpiId}`,
        before: JSON.parse(JSON.stringify(definition)),
        after: { ...wish },
      });
    });
    await enqueue(this.resources.jobs, 'computeEnpi', { enpiId });
    return this.enpis.detail(scope, enpiId);
  }

  performance(scope: Scope, enpiId: string): Promise<EnpiPerformance> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const enpi = await requireEnpi(client, scope, enpiId);
      return performanceView(enpi, await listEnergyTargets(client, scope, enpiId));
    });
  }

  async addTarget(
    caller: Caller,
    enpiId: string,
    wish: z.output<typeof saveEnergyTarget>,
  ): Promise<EnergyTarget> {
    const { scope } = caller;
    if (!(wish.from < wish.to)) throw new AppError('invalid', 'from must lie before to', { ...wish });
    const target = await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireEnpi(client, scope, enpiId);
      const row = await addEnergyTarget(client, scope, enpiId, { ...wish, setBy: caller.name });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'energyTarget.create',
        object: `enpi ${enpiId}`,
        after: { ...wish },
      });
      return row;
    });
    await enqueue(this.resources.jobs, 'computeEnpi', { enpiId });
    return targetView(target);
  }

  async withdrawTarget(caller: Caller, enpiId: string, targetId: string): Promise<void> {
    const { scope } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireEnpi(client, scope, enpiId);
      if (!(await withdrawEnergyTarget(client, scope, enpiId, targetId)))
        throw new AppError('notFound', `The EnPI has no target ${targetId}`);
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'energyTarget.withdraw',
        object: `enpi ${enpiId}`,
        before: { targetId },
      });
    });
    await enqueue(this.resources.jobs, 'computeEnpi', { enpiId });
  }
}

/** @throws AppError with everything that is wrong with a definition. */
async function requireDefinition(client: PoolClient, scope: Scope, wish: EnpiDefinition): Promise<void> {
  await requireSite(client, scope, wish.siteId);
  if (!(wish.baseline.from < wish.baseline.to))
    throw new AppError('invalid', 'baseline: from must lie before to', { ...wish.baseline });
  if (wish.reportingFrom < wish.baseline.to)
    throw new AppError('invalid', 'The reporting period begins before the baseline ends', {
      findings: [
        {
          code: 'baselineOverlap',
          message: 'The reporting period overlaps the baseline',
          data: { days: dayOrdinal(wish.baseline.to) - dayOrdinal(wish.reportingFrom) },
        },
      ],
    });
  const findings: readonly Finding[] = await meterFindings(client, scope, wish);
  const [first] = findings;
  if (first) throw new AppError('invalid', first.message, { findings });
  const variables = await listVariables(client, scope, { siteId: wish.siteId, ids: wish.variableIds });
  const unknown = wish.variableIds.find((id) => !variables.some((variable) => variable.id === id));
  if (unknown) throw new AppError('notFound', `The site has no relevant variable ${unknown}`);
  if (variables.filter(({ quantity }) => quantity === 'temperature').length > 1)
    throw new AppError('invalid', 'An EnPI takes one outdoor temperature');
  if (wish.kind === 'ratio' && variables.filter(({ quantity }) => quantity === 'amount').length !== 1)
    throw new AppError('invalid', 'A ratio has exactly one output');
  const factors = await listStaticFactors(client, scope, { siteId: wish.siteId });
  const unknownFactor = wish.staticFactorIds.find((id) => !factors.some((factor) => factor.id === id));
  if (unknownFactor) throw new AppError('notFound', `The site has no static factor ${unknownFactor}`);
}

const targetView = (row: EnergyTargetRow): EnergyTarget => ({ ...row, setAt: row.setAt.toISOString() });

function performanceView(
  { id, timeZone, definition, enb, run, findings, computedAt }: EnpiRunRow,
  targets: readonly EnergyTargetRow[],
): EnpiPerformance {
  return {
    enpiId: id,
    timeZone,
    definition: {
      ...definition,
      meterIds: [...definition.meterIds],
      variableIds: [...definition.variableIds],
      staticFactorIds: [...definition.staticFactorIds],
      baseline: { ...definition.baseline },
    },
    enb: enb && { ...enb, state: enb.state as NonNullable<EnpiPerformance['enb']>['state'] },
    unit: findMeasurand(definition.measurand)?.unit ?? '',
    methods: (run?.methods ?? []).map((method) => ({
      ...method,
      performance: method.performance && { ...method.performance },
      findings: findingsView(method.findings),
    })),
    rollingYear: (run?.rollingYear ?? []).map((month) => ({ ...month })),
    yearToDate: (run?.yearToDate ?? []).map((month) => ({ ...month })),
    changes: (run?.changes ?? []).map((change) => ({ ...change })),
    targets: targets.map((target) => {
      const state = run?.targets.find(({ targetId }) => targetId === target.id);
      const { targetId: _id, ...computed } = state ?? { targetId: target.id, ...unknownTarget };
      return { target: targetView(target), ...computed };
    }),
    adjustments: (run?.adjustments ?? []).map((adjustment) => ({ ...adjustment })),
    findings: findingsView((findings ?? []) as readonly Finding[]),
    computedAt: computedAt?.toISOString() ?? null,
  };
}

const unknownTarget = {
  days: 0,
  actual_wh: null,
  expected_wh: null,
  halfWidth_wh: null,
  allowed_wh: null,
  margin_wh: null,
  reached_percent: null,
  state: 'unknown',
} as const;
