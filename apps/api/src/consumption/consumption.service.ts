import { Injectable } from '@nestjs/common';
import type { SiteConsumption, siteConsumptionQuery } from '@wattproof/contracts/api';
import {
  type IntervalRow,
  listMeters,
  listTariffs,
  type MeterRow,
  readStructure,
  type Scope,
  type SiteRow,
  type TariffRow,
} from '@wattproof/database/queries';
import { type Carrier, carriers, type EnergyUse, periodBoundaries, sumOfAmounts } from '@wattproof/energy';
import type { z } from 'zod';
import { amountOf, consumptionOf, costOf, countsOf, type MeterConsumption } from '../figure/consumption.ts';
import { sharesSoFar } from '../figure/quality.ts';
import { totalMeters } from '../figure/use-meters.ts';
import { localRange, type Range } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';
import { type MeterGroup, meterGroups } from './groups.ts';

const longestRange_days = { total: 400, month: 400, day: 400, hour: 31 } as const;

type Query = z.infer<typeof siteConsumptionQuery>;
type Row = SiteConsumption['rows'][number];
type Total = SiteConsumption['totals'][number];

@Injectable()
export class ConsumptionService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, siteId: string, query: Query): Promise<SiteConsumption> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const site = await requireSite(client, scope, siteId);
      const range = localRange(query, {
        timeZone: site.timeZone,
        longest_days: longestRange_days[query.resolution],
      });
      const meters = await listMeters(client, scope, { siteId });
      const groups = meterGroups(query.by, meters, await readStructure(client, scope, siteId));
      const totals = totalMeters(meters);
      const wanted = new Set([...totals, ...groups.flatMap((g) => [...g.plus, ...g.minus])]);
      const consumptions = await consumptionOf(client, scope, query.resolution === 'hour' ? 'hour' : 'day', {
        meters: [...wanted],
        ...range,
      });
      const sums = sumsOver({
        site,
        tariffs: await listTariffs(client, scope, [siteId]),
        consumptions,
        periods: periodsOf(query, site, range),
        from_ms: range.from.getTime(),
        now_ms: Date.now(),
      });
      const totalRows = carriers.flatMap((carrier) => {
        const own = totals.filter((m) => m.carrier === carrier);
        return own.length === 0 ? [] : [sums.of(carrier, own, [])];
      });
      const rows = carriers.flatMap((carrier) =>
        rowsOf(
          groups.filter((g) => g.carrier === carrier),
          { sums, total: totalRows.find((t) => t.carrier === carrier), by: query.by },
        ),
      );
      return {
        siteId,
        timeZone: site.timeZone,
        by: query.by,
        from: query.from,
        to: query.to,
        resolution: query.resolution,
        ...sums.columns,
        rows,
        totals: totalRows,
      };
    });
  }
}

/** Boundaries of the answer's periods, the outer ones cut to the stretch; empty where only the whole is asked for. */
function periodsOf(query: Query, site: SiteRow, { from, to }: Range): readonly number[] {
  if (query.resolution === 'total') return [];
  const [from_ms, to_ms] = [from.getTime(), to.getTime()];
  return periodBoundaries(site.timeZone, query.resolution, from_ms, to_ms).map((at) =>
    Math.min(to_ms, Math.max(from_ms, at)),
  );
}

interface SumsInput {
  readonly site: SiteRow;
  readonly tariffs: readonly TariffRow[];
  readonly consumptions: readonly MeterConsumption[];
  readonly periods: readonly number[];
  readonly from_ms: number;
  readonly now_ms: number;
}

interface Sums {
  readonly columns: Pick<SiteConsumption, 'start' | 'duration_s'>;
  /** Signed sum over meters of one carrier: amounts, cost, quality and values by period. */
  readonly of: (carrier: Carrier, plus: readonly MeterRow[], minus: readonly MeterRow[]) => Total;
}

function sumsOver(input: SumsInput): Sums {
  const { consumptions, periods } = input;
  const byMeter = new Map(consumptions.map((c) => [c.meter.id, c]));
  const starts = periods.slice(0, -1);
  const list = (meters: readonly MeterRow[]): MeterConsumption[] =>
    meters.flatMap((m) => byMeter.get(m.id) ?? []);
  return {
    columns: {
      start: starts.map((at) => new Date(at).toISOString()),
      duration_s: starts.map((at, i) => ((periods[i + 1] as number) - at) / 1_000),
    },
    of: (carrier, plus, minus) => {
      const [added, taken] = [list(plus), list(minus)];
      const [whole, less] = [amountOf(added), amountOf(taken)];
      return {
        carrier,
        unit: added.some((c) => c.unit === 'l') ? 'l' : 'Wh',
        energy_wh: minus.length === 0 ? whole.energy_wh : difference(whole.energy_wh, less.energy_wh),
        volume_l: minus.length === 0 ? whole.volume_l : difference(whole.volume_l, less.volume_l),
        cost: signedCost(added, taken, input),
        quality: sharesSoFar(countsOf([...added, ...taken]), input),
        values: signedValues(added, taken, periods),
      };
    },
  };
}

function signedCost(
  added: readonly MeterConsumption[],
  taken: readonly MeterConsumption[],
  input: SumsInput,
): Total['cost'] {
  const whole = costOf(added, input);
  if (taken.length === 0 || whole === null) return whole;
  const less = costOf(taken, input);
  const amount = less && sumOfAmounts([whole.amount, negated(less.amount)]);
  return amount ? { amount, currency: whole.currency } : null;
}

/** By period; null where a meter that belongs to the sum is not known there, and throughout where units differ. */
function signedValues(
  added: readonly MeterConsumption[],
  taken: readonly MeterConsumption[],
  periods: readonly number[],
): (number | null)[] {
  const isOneUnit = new Set([...added, ...taken].map((c) => c.unit)).size === 1;
  const sums = periods.slice(0, -1).map((): number | null => (isOneUnit ? 0 : null));
  const add = ({ rows }: MeterConsumption, sign: 1 | -1): void => {
    for (const [i, value] of periodSums(rows, periods).entries()) {
      const sum = sums[i] ?? null;
      sums[i] = sum === null || value === null ? null : sum + sign * value;
    }
  };
  for (const one of added) add(one, 1);
  for (const one of taken) add(one, -1);
  return sums;
}

function periodSums(rows: readonly IntervalRow[], periods: readonly number[]): (number | null)[] {
  const sums = periods.slice(0, -1).map((): number | null => null);
  let period = 0;
  for (const { start_ms, delta } of rows) {
    while (period + 1 < periods.length && start_ms >= (periods[period + 1] as number)) period++;
    if (delta !== null && period < sums.length) sums[period] = (sums[period] ?? 0) + delta;
  }
  return sums;
}

const difference = (whole: number | null, less: number | null): number | null =>
  whole === null || less === null ? null : whole - less;

const negated = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);

interface RowsInput {
  readonly sums: Sums;
  readonly total: Total | undefined;
  readonly by: Query['by'];
}

const sizeOf = (row: Pick<Total, 'energy_wh' | 'volume_l'>): number | null => row.energy_wh ?? row.volume_l;

function rowsOf(groups: readonly MeterGroup<MeterRow>[], { sums, total, by }: RowsInput): Row[] {
  const measured = groups.map((group): Row => {
    const sum = sums.of(group.carrier as Carrier, group.plus, group.minus);
    return {
      id: group.id,
      name: group.name,
      parentId: group.parentId,
      use: group.use as EnergyUse | null,
      ...sum,
      share: shareOf(sum, total),
      meterIds: group.plus.map((m) => m.id),
      lessMeterIds: group.minus.map((m) => m.id),
    };
  });
  const sorted = measured.sort((a, b) => (sizeOf(b) ?? -1) - (sizeOf(a) ?? -1));
  // Panels, circuits and meters contain one another: what is left over of them is no figure.
  const isPartition = by === 'zone' || by === 'use';
  return isPartition && total && measured.length > 0 ? [...sorted, restOf(measured, total)] : sorted;
}

function shareOf(row: Pick<Total, 'energy_wh' | 'volume_l'>, total: Total | undefined): number | null {
  const [part, whole] = [sizeOf(row), total ? sizeOf(total) : null];
  return part === null || whole === null || whole <= 0 ? null : part / whole;
}

/** What the total has and no group explains; not known where a part is not. */
function restOf(parts: readonly Row[], total: Total): Row {
  const rest = (of: (row: Pick<Total, 'energy_wh' | 'volume_l'>) => number | null): number | null =>
    parts.reduce<number | null>((sum, part) => difference(sum, of(part)), of(total));
  const amount = { energy_wh: rest((r) => r.energy_wh), volume_l: rest((r) => r.volume_l) };
  const isPriced = total.cost !== null && parts.every((p) => p.cost !== null);
  const cost = isPriced
    ? sumOfAmounts([total.cost?.amount ?? null, ...parts.map((p) => negated(p.cost?.amount ?? '0.00'))])
    : null;
  return {
    id: null,
    name: null,
    parentId: null,
    use: null,
    carrier: total.carrier,
    unit: total.unit,
    ...amount,
    cost: cost === null || total.cost === null ? null : { amount: cost, currency: total.cost.currency },
    quality: total.quality,
    values: total.values.map((value, i) =>
      parts.reduce<number | null>((sum, part) => difference(sum, part.values[i] ?? null), value),
    ),
    share: shareOf(amount, total),
    meterIds: [],
    lessMeterIds: [],
  };
}
