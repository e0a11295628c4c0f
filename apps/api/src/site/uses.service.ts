import { Injectable } from '@nestjs/common';
import type { SiteUses } from '@wattproof/contracts/api';
import { listMeters, listTariffs, type MeterRow, type Scope } from '@wattproof/database/queries';
import { type Carrier, carriers, type EnergyUse, localMidnight_ms, sumOfAmounts } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import { amountOf, consumptionOf, costOf, countsOf, type MeterConsumption } from '../figure/consumption.ts';
import { sharesSoFar } from '../figure/quality.ts';
import { topUseMeters, totalMeters } from '../figure/use-meters.ts';
import { Resources } from '../resources.ts';
import { requireSite } from './site.service.ts';

const longest_days = 400;
const day_ms = 86_400_000;

type UseRow = SiteUses['rows'][number];

@Injectable()
export class UsesService {
  constructor(private readonly resources: Resources) {}

  read(
    scope: Scope,
    siteId: string,
    dates: { readonly from: string; readonly to: string },
  ): Promise<SiteUses> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const site = await requireSite(client, scope, siteId);
      const from = new Date(localMidnight_ms(site.timeZone, dates.from));
      const to = new Date(localMidnight_ms(site.timeZone, dates.to));
      const length_days = (to.getTime() - from.getTime()) / day_ms;
      if (!(length_days > 0)) throw new AppError('invalid', 'from must lie before to');
      if (length_days > longest_days)
        throw new AppError('invalid', `The stretch is longer than ${longest_days} days`);
      const meters = await listMeters(client, scope, { siteId });
      const totals = totalMeters(meters);
      const uses = topUseMeters(meters);
      const consumptions = await consumptionOf(client, scope, 'day', {
        meters: [...totals, ...uses],
        from,
        to,
      });
      const tariffs = await listTariffs(client, scope, [siteId]);
      const cost = (list: readonly MeterConsumption[]) => costOf(list, { site, tariffs });
      const of = (list: readonly MeterRow[]): MeterConsumption[] => {
        const ids = new Set(list.map((m) => m.id));
        return consumptions.filter((c) => ids.has(c.meter.id));
      };
      const stretch = { from_ms: from.getTime(), now_ms: Date.now(), site };
      const quality = (list: readonly MeterConsumption[]) => sharesSoFar(countsOf(list), stretch);
      const totalRows = carriers.flatMap((carrier) => {
        const found = of(totals.filter((m) => m.carrier === carrier));
        return found.length === 0
          ? []
          : [{ carrier, ...amountOf(found), cost: cost(found), quality: quality(found) }];
      });
      const rows = carriers.flatMap((carrier) => {
        const total = totalRows.find((t) => t.carrier === carrier);
        const byUse = Map.groupBy(
          of(uses.filter((m) => m.carrier === carrier)),
          (c) => c.meter.energyUse as EnergyUse,
        );
        const measured = [...byUse].map(([use, list]): UseRow => {
          const amount = amountOf(list);
          return {
            use,
            carrier,
            ...amount,
            cost: cost(list),
            share: shareOf(amount, total),
            quality: quality(list),
            meterIds: list.map((c) => c.meter.id),
          };
        });
        return [...measured.sort(byAmount), ...restOf(carrier, measured, total)];
      });
      return { ...dates, rows, totals: totalRows };
    });
  }
}

type Total = SiteUses['totals'][number];

const sizeOf = (row: Pick<UseRow, 'energy_wh' | 'volume_l'>): number | null => row.energy_wh ?? row.volume_l;
const byAmount = (a: UseRow, b: UseRow): number => (sizeOf(b) ?? -1) - (sizeOf(a) ?? -1);

function shareOf(amount: Pick<UseRow, 'energy_wh' | 'volume_l'>, total: Total | undefined): number | null {
  const part = sizeOf(amount);
  const whole = total ? sizeOf(total) : null;
  return part === null || whole === null || whole <= 0 ? null : part / whole;
}

/** What the total has and no use meter explains; nothing where total or a use is not known, for a rest of unknowns is none. */
function restOf(carrier: Carrier, measured: readonly UseRow[], total: Total | undefined): UseRow[] {
  if (!total || measured.length === 0) return [];
  const rest = (whole: number | null, parts: readonly (number | null)[]): number | null =>
    whole === null || parts.some((p) => p === null)
      ? null
      : whole - parts.reduce<number>((a, b) => a + (b ?? 0), 0);
  const energy_wh = rest(
    total.energy_wh,
    measured.map((m) => m.energy_wh),
  );
  const volume_l =
    total.volume_l === null
      ? null
      : rest(
          total.volume_l,
          measured.map((m) => m.volume_l),
        );
  const amount = { energy_wh, volume_l };
  return [
    {
      use: null,
      carrier,
      ...amount,
      cost: restCost(total, measured),
      share: shareOf(amount, total),
      quality: total.quality,
      meterIds: [],
    },
  ];
}

function restCost(total: Total, measured: readonly UseRow[]): UseRow['cost'] {
  if (!total.cost || measured.some((m) => m.cost === null)) return null;
  const explained = measured.map((m) => negated(m.cost?.amount ?? '0.00'));
  const amount = sumOfAmounts([total.cost.amount, ...explained]);
  return amount === null ? null : { amount, currency: total.cost.currency };
}

const negated = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);
