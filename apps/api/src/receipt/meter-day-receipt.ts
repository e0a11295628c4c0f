import type { Receipt } from '@wattproof/contracts/api';
import { daysOfSeal, type SealedDayRow, sealedDayInForce } from '@wattproof/database';
import { listReadings, readIntervalColumns, type Scope, seriesKey } from '@wattproof/database/queries';
import { addDays, findMeasurand, qualityCounts } from '@wattproof/energy';
import {
  inclusionProof,
  LeafHashes,
  type MeterDay,
  merkleRoot,
  meterDayLeaf,
  meterDayText,
  toHex,
} from '@wattproof/evidence';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { consumptionOf, countsOf } from '../figure/consumption.ts';
import { sharesOf } from '../figure/quality.ts';
import { requireMeter } from '../meter/meter.service.ts';
import { requireSite } from '../site/site.service.ts';
import { receiptMeter } from './energy-receipt.ts';
import { numberValue, type ReceiptContent } from './receipt-form.ts';
import { meterIdOf, periodOf } from './reference-field.ts';

/** Most readings of a day that are looked at: one every second. */
const mostReadings = 86_400;
/** Readings shown on either side of each end of the day: its index lies between two of them. */
const shownAround = 2;

interface Wish {
  readonly meterId: string;
  readonly measurand: string;
  readonly date: string;
}

/** One day of one counter: its intervals, the readings at its ends, and the proof that it was sealed so. */
export async function meterDayReceipt(client: PoolClient, scope: Scope, wish: Wish): Promise<ReceiptContent> {
  const meter = await requireMeter(client, scope, meterIdOf(wish.meterId));
  const site = await requireSite(client, scope, meter.siteId);
  const measurand = findMeasurand(wish.measurand);
  if (measurand?.kind !== 'counter') throw new AppError('invalid', `${wish.measurand} is no counter`);
  const { period, from, to } = periodOf({ from: wish.date, to: addDays(wish.date, 1) }, site.timeZone);
  const counted = { ...meter, measurand: measurand.name };
  const [day] = await consumptionOf(client, scope, 'day', { meters: [counted], from, to });
  const columns = (
    await readIntervalColumns(client, scope, 'base', {
      meterIds: [meter.id],
      measurandIds: [measurand.id],
      from,
      to,
      limit: 1_000,
    })
  ).get(seriesKey(meter.id, measurand.id));
  const sealed = await sealedDayInForce(client, {
    meterId: meter.id,
    measurandId: measurand.id,
    date: period.from,
  });
  const delta = day?.rows[0]?.delta ?? null;
  return {
    subject: `${meter.name} · ${period.from} · ${site.name}`,
    value: numberValue(delta, measurand.unit),
    formula: {
      name: meter.kind === 'virtual' ? 'virtualMeter' : 'counterIntervals',
      version: 1,
      expression:
        meter.kind === 'virtual'
          ? 'Δ = Σ ± Δ(term) of the same interval'
          : 'B(b) = I₀ + round((I₁ − I₀)·(b − t₀)/(t₁ − t₀)),  Δ = B(end) − B(begin)',
    },
    period,
    quality: sharesOf(countsOf(day ? [day] : [])),
    seal: {
      days: day?.rows.length ?? 0,
      sealed: sealed ? 1 : 0,
      restated: sealed && sealed.version > 1 ? 1 : 0,
    },
    settings: [
      { name: 'measurand', value: measurand.name },
      ...(sealed?.indexStart == null ? [] : [{ name: 'indexStart', value: String(sealed.indexStart) }]),
      ...(sealed?.indexEnd == null ? [] : [{ name: 'indexEnd', value: String(sealed.indexEnd) }]),
    ],
    meter: receiptMeter(meter),
    intervals: columns
      ? Array.from({ length: columns.count }, (_, i): [string, number, number | null] => {
          const value = columns.delta[i];
          const counts = Object.values(qualityCounts(columns, i));
          return [
            new Date(columns.start_ms[i] ?? 0).toISOString(),
            counts.findIndex((n) => n > 0),
            value === undefined || Number.isNaN(value) ? null : value,
          ];
        })
      : [],
    readings:
      meter.kind === 'virtual'
        ? null
        : await readingsOf(client, scope, { meterId: meter.id, measurand: measurand.name, from, to }),
    proof: sealed ? await proofOf(client, scope, sealed) : null,
    findings: sealed && sealed.delta !== delta ? ['changedSinceSeal'] : [],
  };
}

const hour_ms = 3_600_000;

/** The readings on either side of the day's ends, and how many the day has. */
async function readingsOf(
  client: PoolClient,
  scope: Scope,
  {
    meterId,
    measurand,
    from,
    to,
  }: { readonly meterId: number; readonly measurand: string; readonly from: Date; readonly to: Date },
): Promise<Receipt['readings']> {
  const wide = { from: new Date(from.getTime() - 3 * hour_ms), to: new Date(to.getTime() + 3 * hour_ms) };
  const rows = (await listReadings(client, scope, { meterIds: [meterId], ...wide }, mostReadings))
    .filter((row) => row[measurand] !== null && row[measurand] !== undefined)
    .toReversed();
  if (rows.length === 0) return { count: 0, shown: [] };
  const first = rows.findIndex((row) => row.at >= from);
  const after = rows.findIndex((row) => row.at >= to);
  const begin = first < 0 ? rows.length : first;
  const end = after < 0 ? rows.length : after;
  const shown = new Set([
    ...rows.slice(Math.max(0, begin - shownAround), begin + shownAround),
    ...rows.slice(Math.max(0, end - shownAround), end + shownAround),
  ]);
  return {
    count: end - begin,
    shown: [...shown].map((row): [string, number] => [row.at.toISOString(), Number(row[measurand])]),
  };
}

/** The line without what the table knows beside it. */
const lineOf = ({ seal: _seal, sealedAt: _sealedAt, ...day }: SealedDayRow): MeterDay => day;

/** The way from the day's leaf to the root of the record that sealed it. */
async function proofOf(
  client: PoolClient,
  { organisationId }: Scope,
  sealed: SealedDayRow,
): Promise<Receipt['proof']> {
  const leaves = new LeafHashes();
  let position = 0;
  for (const day of await daysOfSeal(client, organisationId, sealed.seal)) {
    const at = leaves.add(meterDayLeaf(meterDayText(lineOf(day))));
    if (day.meterId === sealed.meterId && day.measurand === sealed.measurand && day.date === sealed.date)
      position = at;
  }
  return {
    line: meterDayText(lineOf(sealed)),
    leaf: toHex(leaves.at(position)),
    record: sealed.seal,
    root: toHex(merkleRoot(leaves)),
    position,
    count: leaves.count,
    path: inclusionProof(leaves, position).map(toHex),
  };
}
