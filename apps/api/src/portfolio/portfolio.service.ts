import { Injectable } from '@nestjs/common';
import type { Portfolio } from '@wattproof/contracts/api';
import { type ComputedAudit, computeAudit } from '@wattproof/database';
import {
  countOpenAlarmsBySite,
  type EnpiView,
  findOrganisation,
  type GatewayRow,
  type LatestRow,
  listAuditIds,
  listEnpis,
  listGateways,
  listLegalEntities,
  listMeters,
  listSites,
  listTariffs,
  listTerms,
  type MeterRow,
  readLatest,
  type Scope,
  type SiteRow,
  type TariffRow,
  type TermRow,
} from '@wattproof/database/queries';
import { localDate, localMidnight_ms, sumOfAmounts } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { firstOfNextMonth } from '../bill/bill.service.ts';
import {
  amountOf,
  consumptionOf,
  costOf,
  countsOf,
  type MeterConsumption,
  sumOfDeltas,
} from '../figure/consumption.ts';
import { sharesSoFar } from '../figure/quality.ts';
import { powerWeights, sumOfPower } from '../figure/site-power.ts';
import { totalMeters } from '../figure/use-meters.ts';
import { Resources } from '../resources.ts';

type SiteFigures = Portfolio['legalEntities'][number]['sites'][number];

const day_ms = 86_400_000;

@Injectable()
export class PortfolioService {
  constructor(private readonly resources: Resources) {}

  read({ scope, permissions }: Caller, wishedMonth: string | undefined): Promise<Portfolio> {
    const now_ms = Date.now();
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const organisation = await findOrganisation(client, scope);
      const sites = await listSites(client, scope);
      const month = wishedMonth ?? localDate(sites[0]?.timeZone ?? 'UTC', now_ms).slice(0, 7);
      const data = await readPortfolio(client, scope, { sites, month, now_ms });
      const audits = permissions.has('audit:read') ? await newestAudits(client, scope) : new Map();
      const entities = await listLegalEntities(client, scope);
      return {
        month,
        to: new Date(Math.min(now_ms, Date.parse(firstOfNextMonth(month)))).toISOString(),
        organisation: { id: organisation.id, name: organisation.name, currency: organisation.currency },
        legalEntities: entities.map((entity) => ({
          ...entity,
          audit: auditView(audits.get(entity.id)),
          sites: sites
            .filter((site) => site.legalEntityId === entity.id)
            .map((site) => siteFigures(site, data, { month, now_ms })),
        })),
      };
    });
  }
}

/** The audit of each legal entity whose period ended last. */
async function newestAudits(client: PoolClient, scope: Scope): Promise<ReadonlyMap<string, ComputedAudit>> {
  const newest = new Map<string, ComputedAudit>();
  for (const id of await listAuditIds(client, scope)) {
    const computed = await computeAudit(client, id);
    if (!computed) continue;
    const known = newest.get(computed.audit.legalEntityId);
    if (!known || known.audit.periodTo < computed.audit.periodTo)
      newest.set(computed.audit.legalEntityId, computed);
  }
  return newest;
}

function auditView(computed: ComputedAudit | undefined): Portfolio['legalEntities'][number]['audit'] {
  if (!computed) return null;
  const { audit, coverage, rule, verdict } = computed;
  return {
    id: audit.id,
    name: audit.name,
    dueOn: audit.dueOn,
    coverage: coverage.share,
    threshold: Number(rule.threshold),
    verdict,
    ruleId: rule.id,
  };
}

interface PortfolioData {
  readonly meters: readonly MeterRow[];
  readonly terms: readonly TermRow[];
  readonly latest: ReadonlyMap<number, LatestRow>;
  /** Days of the month and of the same month of the year before, of the sites' totals. */
  readonly days: readonly MeterConsumption[];
  readonly yearBefore: readonly MeterConsumption[];
  readonly tariffs: readonly TariffRow[];
  readonly enpis: readonly EnpiView[];
  readonly alarms: ReadonlyMap<string, number>;
  readonly gateways: readonly GatewayRow[];
}

const yearEarlier = (month: string): string => `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`;

async function readPortfolio(
  client: PoolClient,
  scope: Scope,
  {
    sites,
    month,
    now_ms,
  }: { readonly sites: readonly SiteRow[]; readonly month: string; readonly now_ms: number },
): Promise<PortfolioData> {
  const all = await listMeters(client, scope, {});
  const meters = sites.flatMap((site) => totalMeters(all.filter((m) => m.siteId === site.id)));
  const terms = await listTerms(
    client,
    scope,
    meters.map((m) => m.id),
  );
  const sources = [...new Set([...meters.map((m) => m.id), ...terms.map((t) => t.sourceMeterId)])];
  const latest = new Map((await readLatest(client, scope, sources)).map((row) => [row.meterId, row]));
  // A day of slack on each side: sites lie in several time zones; each counts its own local days.
  const wide = (first: string) => ({
    meters,
    from: new Date(Date.parse(`${first}-01`) - day_ms),
    to: new Date(Math.min(Date.parse(firstOfNextMonth(first)) + day_ms, now_ms)),
  });
  return {
    meters,
    terms,
    latest,
    days: await consumptionOf(client, scope, 'day', wide(month)),
    yearBefore: await consumptionOf(client, scope, 'day', wide(yearEarlier(month))),
    tariffs: await listTariffs(
      client,
      scope,
      sites.map((s) => s.id),
    ),
    enpis: await listEnpis(client, scope),
    alarms: await countOpenAlarmsBySite(client, scope),
    gateways: await listGateways(client, scope),
  };
}

function siteFigures(
  site: SiteRow,
  data: PortfolioData,
  { month, now_ms }: { readonly month: string; readonly now_ms: number },
): SiteFigures {
  const within = (consumptions: readonly MeterConsumption[], from: string, to: string): MeterConsumption[] =>
    consumptions
      .filter((c) => c.meter.siteId === site.id)
      .map((c) => ({
        ...c,
        rows: c.rows.filter((row) => {
          const date = localDate(site.timeZone, row.start_ms);
          return date >= from && date < to;
        }),
      }));
  const own = within(data.days, `${month}-01`, firstOfNextMonth(month));
  const of = (carrier: string): MeterConsumption[] => own.filter((c) => c.meter.carrier === carrier);
  const electricity = of('electricity');
  const total = data.meters.find((m) => m.siteId === site.id && m.carrier === 'electricity');
  const weights = total
    ? total.kind === 'virtual'
      ? powerWeights(data.terms.filter((t) => t.meterId === total.id))
      : new Map([[total.id, 1 as const]])
    : new Map<number, 1>();
  const power = sumOfPower(weights, data.latest);
  const costs = own.map((c) => costOf([c], { site, tariffs: data.tariffs }));
  const amount = sumOfAmounts(costs.map((cost) => cost?.amount ?? null));
  const enpi = data.enpis.find((e) => e.siteId === site.id && e.meterId === total?.id);
  const gateways = data.gateways.filter((g) => g.siteId === site.id && !g.revokedAt);
  return {
    id: site.id,
    name: site.name,
    activity: site.activity,
    powerNow_w: power?.value_w ?? null,
    powerAt: power ? new Date(power.at_ms).toISOString() : null,
    electricity_wh: amountOf(electricity).energy_wh,
    gas_wh: amountOf(of('gas')).energy_wh,
    cost: amount === null ? null : { amount, currency: site.currency },
    againstPreviousYear: againstPreviousYear(site, {
      electricity,
      yearBefore: within(data.yearBefore, ...monthOf(yearEarlier(month))),
      month,
      now_ms,
    }),
    savings: enpi?.savings ? { ...enpi.savings.share } : null,
    savingsVerdict: enpi?.savings?.verdict ?? null,
    quality: sharesSoFar(countsOf(own), {
      from_ms: localMidnight_ms(site.timeZone, `${month}-01`),
      now_ms,
      site,
    }),
    openAlarms: data.alarms.get(site.id) ?? 0,
    gatewaysOnline: gateways.filter((g) => g.online).length,
    gateways: gateways.length,
  };
}

const monthOf = (month: string): [string, string] => [`${month}-01`, firstOfNextMonth(month)];

/** Whole days of the month so far against the same calendar days of the year before; null unless every one of them is known. */
function againstPreviousYear(
  site: SiteRow,
  {
    electricity,
    yearBefore,
    month,
    now_ms,
  }: {
    readonly electricity: readonly MeterConsumption[];
    readonly yearBefore: readonly MeterConsumption[];
    readonly month: string;
    readonly now_ms: number;
  },
): number | null {
  const today = localDate(site.timeZone, now_ms);
  const dayOfMonth = (start_ms: number): string => localDate(site.timeZone, start_ms).slice(8);
  const [current] = electricity;
  const before = yearBefore.find((c) => c.meter.id === current?.meter.id);
  if (!current || !before) return null;
  const days = current.rows.filter(
    (row) => row.delta !== null && localDate(site.timeZone, row.start_ms) < today,
  );
  const then = before.rows.filter((row) =>
    days.some((day) => dayOfMonth(day.start_ms) === dayOfMonth(row.start_ms)),
  );
  const sum = sumOfDeltas(days);
  const sumThen = sumOfDeltas(then);
  const end = [today, firstOfNextMonth(month)].sort()[0] ?? today;
  const whole = Math.round(
    (localMidnight_ms(site.timeZone, end) - localMidnight_ms(site.timeZone, `${month}-01`)) / day_ms,
  );
  // 29 February has no day a year earlier: the days that both years have are compared.
  const isComparable =
    days.length === whole && then.length >= days.length - 1 && then.every((row) => row.delta !== null);
  return isComparable && sum !== null && sumThen !== null && sumThen > 0 ? sum / sumThen - 1 : null;
}
