import { Injectable } from '@nestjs/common';
import type { SiteOverview } from '@wattproof/contracts/api';
import {
  countOpenAlarmsBySite,
  type LatestRow,
  listMeters,
  listTariffs,
  listTerms,
  type MeterRow,
  readLatest,
  Scope,
  SiteRow,
} from '@wattproof/database/queries';
import {
  basePhase_ms,
  baseStart_ms,
  type EnergyUse,
  localDate,
  localMidnight_ms,
  periodBoundaries,
  sumOfAmounts,
} from '@wattproof/energy';
import { PoolClient } from 'pg';
import { againstSince, readAgainstBaseline } from '../figure/against-baseline.ts';
import { amountOf, consumptionOf, costOf, countsOf, type MeterConsumption } from '../figure/consumption.ts';
import { type ExpectedPoint, expectedLoads } from '../figure/expected.ts';
import { sharesSoFar } from '../figure/quality.ts';
import { type PowerNow, powerWeights, sumOfPower } from '../figure/site-power.ts';
import { topUseMeters, totalMeters } from '../figure/use-meters.ts';
import { isStale, latestValues } from '../meter/meter-view.ts';
import { Resources } from '../resources.ts';
import { electricityTotal, loadPoints } from './load.service.ts';
import { requireSite, siteView } from './site.service.ts';

/** The scale of a site without a subscribed power ends above the highest load of the month by this factor. */
const headroom = 1.25;

@Injectable()
export class OverviewService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, siteId: string): Promise<SiteOverview> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const site = await requireSite(client, scope, siteId);
      const meters = await listMeters(client, scope, { siteId });
      const reader = new OverviewReader(client, scope, site, meters, Date.now());
      return reader.read();
    });
  }
}

interface ExpectedBand {
  readonly value_w: number;
  readonly low_w: number;
  readonly high_w: number;
}

/** One reading of one site's overview, at one instant. */
class OverviewReader {
  private readonly byId: ReadonlyMap<number, MeterRow>;
  private readonly total: MeterRow | undefined;
  private readonly uses: readonly MeterRow[];

  constructor(
    private readonly client: PoolClient,
    private readonly scope: Scope,
    private readonly site: SiteRow,
    private readonly meters: readonly MeterRow[],
    private readonly now_ms: number,
  ) {
    this.byId = new Map(meters.map((m) => [m.id, m]));
    this.total = electricityTotal(meters);
    this.uses = topUseMeters(meters).filter((m) => m.carrier === 'electricity');
  }

  async read(): Promise<SiteOverview> {
    const { client, scope, site, meters, now_ms } = this;
    const latest = new Map(
      (
        await readLatest(
          client,
          scope,
          meters.map((m) => m.id),
        )
      ).map((row) => [row.meterId, row]),
    );
    const weights = await this.totalWeights();
    const power = sumOfPower(weights, latest);
    const expected = await this.expectedNow();
    const soFar = await this.soFar();
    const alarms = await countOpenAlarmsBySite(client, scope);
    const totalExpected = this.total ? (expected.get(this.total.id) ?? null) : null;
    return {
      site: siteView(site),
      now: new Date(now_ms).toISOString(),
      power: power && {
        value_w: power.value_w,
        at: new Date(power.at_ms).toISOString(),
        stale: isStale(power.at_ms, this.periodOf(weights.keys()), now_ms),
        expected: totalExpected,
      },
      scaleMax_w: await this.scaleMax_w(power),
      outdoorTemperature_c: this.outdoorTemperature(latest),
      deviation: await this.deviation(power),
      soFar,
      uses: this.useRows(latest, power, expected),
      openAlarms: alarms.get(site.id) ?? 0,
    };
  }

  private async totalWeights(): Promise<ReadonlyMap<number, 1 | -1>> {
    const { total } = this;
    if (!total) return new Map();
    if (total.kind !== 'virtual') return new Map([[total.id, 1 as const]]);
    return powerWeights(await listTerms(this.client, this.scope, [total.id]));
  }

  private periodOf(meterIds: Iterable<number>): number {
    return Math.max(0, ...[...meterIds].map((id) => this.byId.get(id)?.readingPeriod_s ?? 0));
  }

  private outdoorTemperature(latest: ReadonlyMap<number, LatestRow>): number | null {
    for (const meter of this.meters) {
      const row = latest.get(meter.id);
      const value = row && latestValues(row).outdoor_temperature_c;
      if (value && !isStale(value[1], meter.readingPeriod_s, this.now_ms)) return value[0];
    }
    return null;
  }

  private async expectedNow(): Promise<ReadonlyMap<number, ExpectedBand>> {
    const { client, scope, site, now_ms } = this;
    const width_ms = site.baseInterval_s * 1_000;
    const from_ms = baseStart_ms(now_ms, width_ms, basePhase_ms(site.timeZone, width_ms) ?? 0);
    const meterIds = [...(this.total ? [this.total.id] : []), ...this.uses.map((m) => m.id)];
    const expected = await expectedLoads(client, scope, {
      site,
      meterIds,
      from_ms,
      to_ms: from_ms + width_ms,
    });
    return new Map(
      [...expected].flatMap(([meterId, [point]]) =>
        point
          ? [[meterId, { value_w: point.expected_w, low_w: point.low_w, high_w: point.high_w }] as const]
          : [],
      ),
    );
  }

  private useRows(
    latest: ReadonlyMap<number, LatestRow>,
    total: PowerNow | null,
    expected: ReadonlyMap<number, ExpectedBand>,
  ): SiteOverview['uses'] {
    const byUse = Map.groupBy(this.uses, (m) => m.energyUse as EnergyUse);
    const rows = [...byUse].map(([use, list]) => {
      const power = sumOfPower(new Map(list.map((m) => [m.id, 1])), latest);
      const bands = list.flatMap((m) => expected.get(m.id) ?? []);
      const [only] = bands;
      return {
        use,
        power_w: power?.value_w ?? null,
        at: power ? new Date(power.at_ms).toISOString() : null,
        stale: power ? isStale(power.at_ms, this.periodOf(list.map((m) => m.id)), this.now_ms) : true,
        // Bands of several meters do not add up: their deviations are not independent.
        expected: list.length === 1 && only ? only : null,
      };
    });
    rows.sort((a, b) => (b.power_w ?? -1) - (a.power_w ?? -1));
    if (!total || rows.length === 0) return rows;
    const isWhole = rows.every((row) => row.power_w !== null);
    return [
      ...rows,
      {
        use: null,
        power_w: isWhole ? total.value_w - rows.reduce((sum, row) => sum + (row.power_w ?? 0), 0) : null,
        at: new Date(total.at_ms).toISOString(),
        stale: rows.some((row) => row.stale),
        expected: null,
      },
    ];
  }

  private async scaleMax_w(power: PowerNow | null): Promise<number> {
    if (this.site.subscribedPower_w) return Math.max(this.site.subscribedPower_w, power?.value_w ?? 0);
    const from = new Date(this.now_ms - 31 * 86_400_000);
    const [month] = this.total
      ? await consumptionOf(this.client, this.scope, 'hour', {
          meters: [this.total],
          from,
          to: new Date(this.now_ms),
        })
      : [];
    const highest_w = Math.max(0, ...(month?.rows ?? []).map((r) => (r.delta ?? 0) / (r.duration_s / 3_600)));
    return Math.max(highest_w, power?.value_w ?? 0) * headroom;
  }

  /** Since when the load has been outside its band without coming back, and by how much it is now. */
  private async deviation(power: PowerNow | null): Promise<SiteOverview['deviation']> {
    const { total, site, now_ms } = this;
    if (!total || !power) return null;
    const from_ms = now_ms - 86_400_000;
    const band = (
      await expectedLoads(this.client, this.scope, { site, meterIds: [total.id], from_ms, to_ms: now_ms })
    ).get(total.id);
    if (!band) return null;
    const [consumption] = await consumptionOf(this.client, this.scope, 'base', {
      meters: [total],
      from: new Date(from_ms),
      to: new Date(now_ms),
    });
    const points = loadPoints(site, { from_ms, to_ms: now_ms }, consumption?.rows ?? []);
    return deviationOf(power.value_w, band, new Map(points.map((p) => [Date.parse(p.start), p.mean_w])));
  }

  private async soFar(): Promise<SiteOverview['soFar']> {
    const { client, scope, site, now_ms } = this;
    const zone = site.timeZone;
    const totals = totalMeters(this.meters);
    const [year_ms = now_ms] = periodBoundaries(zone, 'year', now_ms, now_ms + 1);
    const [month_ms = now_ms] = periodBoundaries(zone, 'month', now_ms, now_ms + 1);
    const today_ms = localMidnight_ms(zone, localDate(zone, now_ms));
    const whole = await consumptionOf(client, scope, 'day', {
      meters: totals,
      from: new Date(year_ms),
      to: new Date(now_ms),
    });
    const tariffs = await listTariffs(client, scope, [site.id]);
    const against = await readAgainstBaseline(client, scope, { siteId: site.id, meterId: this.total?.id });
    const periods = [
      ['today', today_ms],
      ['month', month_ms],
      ['year', year_ms],
    ] as const;
    return periods.map(([period, from_ms]) => {
      const part = whole.map((c) => ({ ...c, rows: c.rows.filter((row) => row.start_ms >= from_ms) }));
      const carriers = part.map((c: MeterConsumption) => ({
        carrier: c.meter.carrier as SiteOverview['soFar'][number]['carriers'][number]['carrier'],
        ...amountOf([c]),
        cost: costOf([c], { site, tariffs }),
      }));
      const amount = sumOfAmounts(carriers.map((c) => c.cost?.amount ?? null));
      return {
        period,
        from: new Date(from_ms).toISOString(),
        to: new Date(now_ms).toISOString(),
        carriers,
        cost: amount === null ? null : { amount, currency: site.currency },
        againstBaseline:
          period === 'today' || !against ? null : againstSince(against, localDate(zone, from_ms)),
        quality: sharesSoFar(countsOf(part), { from_ms, now_ms, site }),
      };
    });
  }
}

/** Pure: the run of base intervals up to now that all lie on the side of the band on which the power lies now. */
export function deviationOf(
  power_w: number,
  band: readonly ExpectedPoint[],
  mean_w: ReadonlyMap<number, number | null>,
): { value_w: number; since: string } | null {
  const last = band.at(-1);
  if (!last) return null;
  const side = power_w > last.high_w ? 1 : power_w < last.low_w ? -1 : 0;
  if (side === 0) return null;
  let since_ms = last.start_ms;
  for (const point of band.toReversed().slice(1)) {
    const mean = mean_w.get(point.start_ms);
    if (mean === undefined || mean === null) break;
    if (side === 1 ? mean <= point.high_w : mean >= point.low_w) break;
    since_ms = point.start_ms;
  }
  return { value_w: power_w - last.expected_w, since: new Date(since_ms).toISOString() };
}
