import {
  addDecimal,
  addQualityCounts,
  type Carrier,
  type Decimal,
  decimalOf,
  divideDecimal,
  drawnFrom,
  type EnergyUse,
  type MeasuredSite,
  type MeasuredUse,
  measuredShare,
  type QualityCounts,
  roundDecimal,
} from '@wattproof/energy';
import type { AuditBill, AuditMeter, AuditPoint, AuditSite, MeterTotal } from './audit.queries.ts';
import type { AuditRow, ComputedAudit, MeasuredSiteView, MeasuredUseView } from './computed-audit.ts';

export interface MeasuredInput {
  readonly sites: readonly AuditSite[];
  readonly meters: readonly AuditMeter[];
  readonly totals: ReadonlyMap<number, MeterTotal>;
  readonly points: readonly AuditPoint[];
  readonly bills: readonly AuditBill[];
  readonly rows: readonly AuditRow[];
}

/** kWh per m³ of natural gas where no bill of the site states both (typical gross calorific value, unverified). */
const gas_kwhPerM3 = 11.2;

const noCounts: QualityCounts = {
  n_measured: 0,
  n_interpolated: 0,
  n_estimated: 0,
  n_manual: 0,
  n_missing: 0,
};

/** kWh per m³ as the gas bills of a site convert them. */
function gasFactor(siteId: string, { points, bills }: MeasuredInput): number {
  const ids = new Set(points.filter((p) => p.siteId === siteId && p.carrier === 'gas').map((p) => p.id));
  let kwh = 0;
  let m3 = 0;
  for (const bill of bills) {
    if (!ids.has(bill.deliveryPointId) || bill.unit !== 'm³') continue;
    kwh += Number(bill.energy_kwh);
    m3 += Number(bill.quantity);
  }
  return m3 > 0 ? kwh / m3 : gas_kwhPerM3;
}

/** Consumption of a meter in Wh; null where its unit has no energy or nothing is known. */
function energy_wh(meter: AuditMeter, input: MeasuredInput): number | null {
  const delta = input.totals.get(meter.id)?.delta ?? null;
  if (delta === null) return null;
  if (meter.measurand.endsWith('_wh')) return delta;
  // Litres of gas: 1 l × kWh/m³ = 1 Wh × kWh/m³.
  if (meter.measurand === 'volume_l' && meter.carrier === 'gas')
    return delta * gasFactor(meter.siteId, input);
  return null;
}

const isEnergy = (carrier: Carrier): boolean => carrier !== 'water';

/**
 * Measured share: the energy that main meters see against the account of each site, and what the meters of each use
 * see. Own generation used on site is metered by the row of the account that counts it.
 */
export function measuredOf(input: MeasuredInput): Pick<ComputedAudit, 'measured' | 'measuredShare'> {
  const counted = input.rows.filter((row) => row.kind === 'purchased' || row.kind === 'selfConsumed');
  const accountOf = (siteId: string): Decimal =>
    sum(counted.filter((r) => r.siteId === siteId).map((r) => r.energy_kwh));
  const mains = input.meters.filter((m) => m.role === 'main' && m.kind !== 'virtual' && isEnergy(m.carrier));
  const sites = input.sites.map((site): MeasuredSiteView => {
    const own = mains.filter((meter) => meter.siteId === site.id);
    const metered = own.reduce((total, meter) => total + (energy_wh(meter, input) ?? 0), 0);
    const selfConsumed = sum(
      counted.filter((r) => r.siteId === site.id && r.kind === 'selfConsumed').map((r) => r.energy_kwh),
    );
    const account_kwh = accountOf(site.id);
    const metered_kwh = addDecimal(kwh(metered), selfConsumed);
    return {
      siteId: site.id,
      siteName: site.name,
      account_kwh,
      metered_kwh,
      share: ratio(metered_kwh, account_kwh),
      quality: own.reduce(
        (counts, meter) => addQualityCounts(counts, input.totals.get(meter.id) ?? noCounts),
        noCounts,
      ),
    };
  });
  const account = sum(counted.map((row) => row.energy_kwh));
  return {
    measuredShare: ratio(sum(sites.map((site) => site.metered_kwh)), account),
    measured: {
      sites,
      uses: usesOf(input, account),
      byCarrier: measuredShare(totalsByCarrier(input, mains, counted), useRows(input)),
    },
  };
}

/** Energy of the meters of each use; a use meter below another one of a use is part of it and not counted again. */
function useRows(input: MeasuredInput): MeasuredUse[] {
  const byId = new Map(input.meters.map((meter) => [meter.id, meter]));
  const hasUseAbove = (meter: AuditMeter): boolean => {
    const seen = new Set<number>();
    for (let up = meter.parentId; up !== null && !seen.has(up); up = byId.get(up)?.parentId ?? null) {
      seen.add(up);
      if (byId.get(up)?.role === 'use') return true;
    }
    return false;
  };
  return input.meters
    .filter((m) => m.role === 'use' && m.kind !== 'virtual' && isEnergy(m.carrier) && !hasUseAbove(m))
    .flatMap((meter) => {
      const wh = energy_wh(meter, input);
      return wh === null
        ? []
        : [{ siteId: meter.siteId, carrier: meter.carrier, energyUse: meter.energyUse, energy_wh: wh }];
    });
}

function usesOf(input: MeasuredInput, account: Decimal): MeasuredUseView[] {
  const byUse = new Map<EnergyUse | null, number>();
  for (const row of useRows(input)) byUse.set(row.energyUse, (byUse.get(row.energyUse) ?? 0) + row.energy_wh);
  return [...byUse]
    .sort((a, b) => b[1] - a[1] || String(a[0]).localeCompare(String(b[0])))
    .map(([use, wh]) => ({ use, metered_kwh: kwh(wh), share: ratio(kwh(wh), account) }));
}

/** Own generation used on site is part of the electricity that uses draw from. */
const feeds = (row: AuditRow): Carrier => drawnFrom(row.carrier);

function totalsByCarrier(
  input: MeasuredInput,
  mains: readonly AuditMeter[],
  counted: readonly AuditRow[],
): MeasuredSite[] {
  return input.sites.flatMap((site) => {
    const carriers = new Set([
      ...mains.filter((m) => m.siteId === site.id).map((m) => m.carrier),
      ...counted.filter((r) => r.siteId === site.id).map(feeds),
      ...useRows(input)
        .filter((u) => u.siteId === site.id)
        .map((u) => u.carrier),
    ]);
    return [...carriers].map((carrier): MeasuredSite => {
      const meters = mains.filter((m) => m.siteId === site.id && m.carrier === carrier);
      const rows = counted.filter((r) => r.siteId === site.id && feeds(r) === carrier);
      const own = rows
        .filter((r) => r.kind === 'selfConsumed')
        .reduce((t, r) => t + Number(r.energy_kwh) * 1_000, 0);
      const metered = meters.reduce((total, meter) => total + (energy_wh(meter, input) ?? 0), 0);
      return metered > 0
        ? { siteId: site.id, carrier, total_wh: metered + own, totalFrom: 'mainMeters' }
        : {
            siteId: site.id,
            carrier,
            total_wh: rows.reduce((total, row) => total + Number(row.energy_kwh) * 1_000, 0),
            totalFrom: 'bills',
          };
    });
  });
}

const kwh = (wh: number): Decimal =>
  roundDecimal(
    divideDecimal(decimalOf(Math.round(wh)), '1000', { digits: 3, rounding: 'halfEven' }),
    3,
    'halfEven',
  );

const sum = (values: readonly Decimal[]): Decimal => values.reduce(addDecimal, '0.000');

const ratio = (part: Decimal, whole: Decimal): number | null =>
  Number(whole) > 0 ? Number(part) / Number(whole) : null;
