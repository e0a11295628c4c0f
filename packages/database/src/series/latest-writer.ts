import type { MeasurandName } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { arrayParameter, textArrayParameter } from './binary-format.ts';
import type { ReadingBatch } from './reading-batch.ts';
import type { MeterGroup, OrderedBatch } from './reading-order.ts';

/** `store.latest.values`: by measurand name, its value and the instant (epoch ms) it was read. */
export type LatestValues = Readonly<Partial<Record<MeasurandName, readonly [value: number, at_ms: number]>>>;

interface NewestRow {
  readonly meterId: number;
  /** Row number in the batch of the meter's newest reading. */
  readonly row: number;
  readonly valuesJson: string;
}

/** Brings `store.latest` up to the batch: of each meter and measurand the newest value wins, of equal instants the stored one. */
export async function upsertLatest(
  client: ClientBase,
  batch: ReadingBatch,
  { order, groups }: OrderedBatch,
): Promise<void> {
  const whole: NewestRow[] = [];
  const mixed: NewestRow[] = [];
  for (const group of groups) {
    const { newest, isMixed } = newestOf(batch, order, group);
    (isMixed ? mixed : whole).push(newest);
  }
  if (whole.length > 0)
    await upsert(client, batch, whole, {
      name: 'upsert_latest',
      values: `CASE WHEN ${isNewer} THEN ${overlay} ELSE ${merge} END`,
    });
  // A value older than the newest reading may be older than the stored one too: each is compared.
  if (mixed.length > 0) await upsert(client, batch, mixed, { name: 'upsert_latest_of_each', values: merge });
}

function newestOf(
  batch: ReadingBatch,
  order: Int32Array,
  { meterId, from, to }: MeterGroup,
): { readonly newest: NewestRow; readonly isMixed: boolean } {
  const row = order[to - 1] as number;
  const parts: string[] = [];
  let isMixed = false;
  for (const [name, column] of batch.values) {
    for (let i = to - 1; i >= from; i--) {
      const r = order[i] as number;
      const value = column[r] as number;
      if (Number.isNaN(value)) continue;
      if (r !== row) isMixed = true;
      parts.push(`"${name}":[${value},${batch.at_ms[r]}]`);
      break;
    }
  }
  return { newest: { meterId, row, valuesJson: `{${parts.join(',')}}` }, isMixed };
}

const isNewer = 'excluded.at > l.at';
const overlay = 'l.values || excluded.values';
const newerValues = `SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(excluded.values) e
  WHERE NOT l.values ? e.key OR (l.values -> e.key ->> 1)::bigint < (e.value ->> 1)::bigint`;
const merge = `l.values || coalesce((${newerValues}), '{}')`;

async function upsert(
  client: ClientBase,
  batch: ReadingBatch,
  rows: readonly NewestRow[],
  { name, values }: { readonly name: string; readonly values: string },
): Promise<void> {
  const pick = (column: ArrayLike<number>): number[] => rows.map(({ row }) => column[row] as number);
  await client.query({
    name,
    text: `INSERT INTO store.latest AS l (meter_id, organisation_id, at, received_at, quality, values)
     SELECT * FROM unnest($1::int4[], $2::int4[], $3::timestamptz[], $4::timestamptz[], $5::int2[], $6::jsonb[])
     ON CONFLICT (meter_id) DO UPDATE SET
       at = greatest(l.at, excluded.at),
       received_at = CASE WHEN ${isNewer} THEN excluded.received_at ELSE l.received_at END,
       quality = CASE WHEN ${isNewer} THEN excluded.quality ELSE l.quality END,
       values = ${values}
     WHERE ${isNewer} OR EXISTS (${newerValues.replace('jsonb_object_agg(e.key, e.value)', '1')})`,
    values: [
      arrayParameter(
        'int4',
        rows.map((r) => r.meterId),
      ),
      arrayParameter('int4', pick(batch.organisationId)),
      arrayParameter('timestamptz', pick(batch.at_ms)),
      arrayParameter('timestamptz', pick(batch.receivedAt_ms)),
      arrayParameter('int2', pick(batch.quality)),
      textArrayParameter(
        'jsonb',
        rows.map((r) => r.valuesJson),
      ),
    ],
  });
}
