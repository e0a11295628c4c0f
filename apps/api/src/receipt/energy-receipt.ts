import type { Receipt } from '@wattproof/contracts/api';
import { countSealed, loadIntervalMeters } from '@wattproof/database';
import {
  listMeters,
  listTariffs,
  type MeterRow,
  type Scope,
  type SiteRow,
  type TariffRow,
} from '@wattproof/database/queries';
import { findProfile } from '@wattproof/devices';
import { chain_percent, findMeasurand, type LocalDate, localDate, sumOfAmounts } from '@wattproof/energy';
import { receiptId } from '@wattproof/evidence/receipt';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { amountOf, consumptionOf, costOf, countsOf, type MeterConsumption } from '../figure/consumption.ts';
import { sharesOf } from '../figure/quality.ts';
import { totalMeters } from '../figure/use-meters.ts';
import { requireMeter } from '../meter/meter.service.ts';
import { requireSite } from '../site/site.service.ts';
import { decimalValue, numberValue, type ReceiptContent, type ReceiptPart } from './receipt-form.ts';
import { type LocalPeriod, meterIdOf, periodOf, uuidOf } from './reference-field.ts';

interface SiteWish {
  readonly siteId: string;
  readonly carrier: string;
  readonly from: string;
  readonly to: string;
}

interface SiteConsumption {
  readonly site: SiteRow;
  readonly period: LocalPeriod;
  readonly consumptions: readonly MeterConsumption[];
}

/** What the site's totals of a carrier, or of all, counted on its local days; the figures of the overview are made of the same. */
async function siteConsumption(client: PoolClient, scope: Scope, wish: SiteWish): Promise<SiteConsumption> {
  const site = await requireSite(client, scope, uuidOf(wish.siteId));
  const { period, from, to } = periodOf(wish, site.timeZone);
  const totals = totalMeters(await listMeters(client, scope, { siteId: site.id }));
  const meters = wish.carrier === 'all' ? totals : totals.filter((meter) => meter.carrier === wish.carrier);
  if (meters.length === 0)
    throw new AppError('notFound', `The site has no total of ${wish.carrier}`, { siteId: site.id });
  return { site, period, consumptions: await consumptionOf(client, scope, 'day', { meters, from, to }) };
}

async function sealOf(
  client: PoolClient,
  consumptions: readonly MeterConsumption[],
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<{ days: number; sealed: number; restated: number }> {
  const total = { days: 0, sealed: 0, restated: 0 };
  for (const { meter, rows } of consumptions) {
    const measurand = meter.measurand === null ? undefined : findMeasurand(meter.measurand);
    if (!measurand) continue;
    const counted = await countSealed(client, { meterIds: [meter.id], measurandId: measurand.id, from, to });
    total.days += rows.length;
    total.sealed += counted.sealed;
    total.restated += counted.restated;
  }
  return total;
}

const meterPart = ({ meter, unit, rows }: MeterConsumption, { from, to }: LocalPeriod): ReceiptPart => ({
  name: meter.name,
  sign: 1,
  value: numberValue(
    rows.reduce<number | null>((sum, { delta }) => (delta === null ? sum : (sum ?? 0) + delta), null),
    unit,
  ),
  receipt: receiptId('meterEnergy', {
    meterId: String(meter.id),
    measurand: meter.measurand ?? '',
    from,
    to,
  }),
  source: '',
});

export async function siteEnergyReceipt(
  client: PoolClient,
  scope: Scope,
  wish: SiteWish,
): Promise<ReceiptContent> {
  const { site, period, consumptions } = await siteConsumption(client, scope, wish);
  const { energy_wh, volume_l } = amountOf(consumptions);
  return {
    subject: site.name,
    value: energy_wh === null ? numberValue(volume_l, 'l') : numberValue(energy_wh, 'Wh'),
    formula: { name: 'siteEnergy', version: 1, expression: 'E = Σ days Δ(total of the carrier)' },
    period,
    quality: sharesOf(countsOf(consumptions)),
    seal: await sealOf(client, consumptions, period),
    settings: [{ name: 'carrier', value: wish.carrier }],
    parts: consumptions.map((consumption) => meterPart(consumption, period)),
  };
}

const tariffFactor = ({ carrier, pricePerUnit, unit, currency, validFrom }: TariffRow) => ({
  name: `price.${carrier}`,
  value: pricePerUnit,
  unit: `${currency}/${unit}`,
  validFrom,
  source: '',
});

export async function siteCostReceipt(
  client: PoolClient,
  scope: Scope,
  wish: SiteWish,
): Promise<ReceiptContent> {
  const { site, period, consumptions } = await siteConsumption(client, scope, wish);
  const all = await listTariffs(client, scope, [site.id]);
  const costs = consumptions.map((consumption) => ({
    meter: consumption.meter,
    cost: costOf([consumption], { site, tariffs: all }),
  }));
  const carriers = new Set(consumptions.map(({ meter }) => meter.carrier));
  return {
    subject: site.name,
    value: decimalValue(sumOfAmounts(costs.map(({ cost }) => cost?.amount ?? null)), site.currency),
    formula: {
      name: 'siteCost',
      version: 1,
      expression: 'C = Σ carriers Σ days Δ · price(date), rounded once per carrier',
    },
    period,
    quality: sharesOf(countsOf(consumptions)),
    seal: await sealOf(client, consumptions, period),
    settings: [{ name: 'carrier', value: wish.carrier }],
    factors: all
      .filter((tariff) => carriers.has(tariff.carrier) && tariff.validFrom < period.to)
      .map(tariffFactor),
    parts: costs.map(({ meter, cost }) => ({
      name: meter.name,
      sign: 1 as const,
      value: decimalValue(cost?.amount ?? null, cost?.currency ?? site.currency),
      receipt: receiptId('siteEnergy', {
        siteId: site.id,
        carrier: meter.carrier,
        from: period.from,
        to: period.to,
      }),
      source: '',
    })),
    findings: costs.some(({ cost }) => cost === null) ? ['priceMissing'] : [],
  };
}

interface MeterWish {
  readonly meterId: string;
  readonly measurand: string;
  readonly from: string;
  readonly to: string;
}

/** What a meter is: its chain of accuracy and how far its profile is trusted. */
export function receiptMeter(meter: MeterRow): NonNullable<Receipt['meter']> {
  const profile = meter.profileId === null ? undefined : findProfile(meter.profileId);
  return {
    id: meter.id,
    name: meter.name,
    kind: meter.kind,
    serialNumber: meter.serialNumber,
    accuracy: meter.accuracy.map((part) => ({ ...part })),
    chain_percent: meter.accuracy.length > 0 ? chain_percent(meter.accuracy) : null,
    profile: profile ? { id: profile.id, name: profile.title, trust: profile.trust } : null,
  };
}

export async function meterReceipt(
  client: PoolClient,
  scope: Scope,
  wish: MeterWish,
): Promise<ReceiptContent> {
  const meter = await requireMeter(client, scope, meterIdOf(wish.meterId));
  const site = await requireSite(client, scope, meter.siteId);
  if (findMeasurand(wish.measurand)?.kind !== 'counter')
    throw new AppError('invalid', `${wish.measurand} is no counter`);
  const { period, from, to } = periodOf(wish, site.timeZone);
  const [consumption] = await consumptionOf(client, scope, 'day', {
    meters: [{ ...meter, measurand: wish.measurand }],
    from,
    to,
  });
  const rows = consumption?.rows ?? [];
  const unit = consumption?.unit ?? '';
  const known = rows.filter(({ delta }) => delta !== null);
  return {
    subject: `${meter.name} · ${site.name}`,
    value: numberValue(
      known.length > 0 ? known.reduce((sum, { delta }) => sum + (delta ?? 0), 0) : null,
      unit,
    ),
    formula: {
      name: meter.kind === 'virtual' ? 'virtualMeter' : 'meterEnergy',
      version: 1,
      expression:
        meter.kind === 'virtual' ? 'E = Σ days Σ ± Δ(term)' : 'E = Σ days (index at end − index at begin)',
    },
    period,
    quality: sharesOf(countsOf(consumption ? [consumption] : [])),
    seal: await sealOf(client, consumption ? [consumption] : [], period),
    settings: [{ name: 'measurand', value: wish.measurand }],
    meter: receiptMeter(meter),
    parts: [
      ...(meter.kind === 'virtual' ? await termParts(client, scope, meter, period) : []),
      ...rows.map((row): ReceiptPart => {
        const date = localDate(site.timeZone, row.start_ms);
        return {
          name: date,
          sign: 1,
          value: numberValue(row.delta, unit),
          receipt: receiptId('meterDay', { meterId: String(meter.id), measurand: wish.measurand, date }),
          source: '',
        };
      }),
    ],
  };
}

/** What a virtual meter is the sum of, each over the whole period. */
async function termParts(
  client: PoolClient,
  scope: Scope,
  meter: MeterRow,
  period: LocalPeriod,
): Promise<ReceiptPart[]> {
  const virtual = (await loadIntervalMeters(client, [meter.id])).get(meter.id);
  const terms = virtual?.terms ?? [];
  const { from, to } = periodOf(period, period.timeZone);
  const sources = await listMeters(client, scope, { meterIds: terms.map((term) => term.meterId) });
  const parts: ReceiptPart[] = [];
  for (const term of terms) {
    const source = sources.find(({ id }) => id === term.meterId);
    if (!source) continue;
    const [consumption] = await consumptionOf(client, scope, 'day', {
      meters: [{ ...source, measurand: term.measurand }],
      from,
      to,
    });
    if (consumption) parts.push({ ...meterPart(consumption, period), sign: term.sign });
  }
  return parts;
}
