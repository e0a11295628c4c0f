import { listReadings, type Scope } from '@wattproof/database/queries';
import { findMeasurand } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { requireMeter } from '../meter/meter.service.ts';
import { requireSite } from '../site/site.service.ts';
import { receiptMeter } from './energy-receipt.ts';
import { numberValue, type ReceiptContent } from './receipt-form.ts';
import { meterIdOf } from './reference-field.ts';

/** A reading as its meter reported it: value, instant, when it arrived, and the readings on either side of it. */
export async function readingReceipt(
  client: PoolClient,
  scope: Scope,
  wish: { readonly meterId: string; readonly measurand: string; readonly at: string },
): Promise<ReceiptContent> {
  const meter = await requireMeter(client, scope, meterIdOf(wish.meterId));
  const site = await requireSite(client, scope, meter.siteId);
  const measurand = findMeasurand(wish.measurand);
  if (!measurand) throw new AppError('invalid', `${wish.measurand} is no measurand`);
  const at = new Date(wish.at);
  if (Number.isNaN(at.getTime())) throw new AppError('invalid', `${wish.at} is no instant`);
  const rows = await listReadings(
    client,
    scope,
    { meterIds: [meter.id], from: at, to: new Date(at.getTime() + 1) },
    1,
  );
  const [row] = rows;
  const value = row?.rare?.[measurand.id] ?? row?.[measurand.name];
  if (!row || value === null || value === undefined)
    throw new AppError('notFound', 'There is no such reading, or its retention has ended', { ...wish });
  return {
    subject: `${meter.name} · ${site.name}`,
    value: numberValue(Number(value), measurand.unit),
    formula: {
      name: 'reading',
      version: 1,
      expression: 'register value · scale of the profile, as the meter reported it',
    },
    settings: [
      { name: 'measurand', value: measurand.name },
      { name: 'at', value: at.toISOString() },
      { name: 'receivedAt', value: row.received_at.toISOString() },
    ],
    meter: receiptMeter(meter),
    readings: { count: 1, shown: [[at.toISOString(), Number(value)]] },
  };
}
