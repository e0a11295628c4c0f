import type { SeriesFinding } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { instantText, type TimeRange } from './time-range.ts';

export interface DetectedInput {
  readonly meterId: number;
  readonly organisationId: number;
  readonly rebuilt: TimeRange;
  readonly findings: readonly (SeriesFinding & { readonly measurand: string })[];
}

/**
 * Steps backward that nothing explains become events of origin `detected`, for a person to confirm as a replacement
 * or reset with its true closing index. They are results: the computation never reads them. Doing it again changes
 * nothing, and one that late readings explain away disappears.
 */
export async function storeDetectedEvents(
  client: ClientBase,
  inputs: readonly DetectedInput[],
): Promise<void> {
  if (inputs.length === 0) return;
  const resets = inputs.flatMap(({ meterId, organisationId, findings }) =>
    findings.filter((f) => f.code === 'backwardStep').map((f) => ({ ...f, meterId, organisationId })),
  );
  const found = [
    resets.map((f) => f.meterId),
    resets.map((f) => f.measurand),
    resets.map((f) => instantText(f.at_ms)),
  ];
  await client.query(
    `DELETE FROM meter_event e USING unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) AS w (meter_id, from_at, to_at)
     WHERE e.meter_id = w.meter_id AND e.origin = 'detected' AND e.at >= w.from_at AND e.at < w.to_at
       AND NOT EXISTS (SELECT FROM unnest($4::int4[], $5::text[], $6::timestamptz[]) AS f (meter_id, measurand, at)
                       WHERE f.meter_id = e.meter_id AND f.measurand = e.measurand AND f.at = e.at)`,
    [
      inputs.map((input) => input.meterId),
      inputs.map((input) => instantText(input.rebuilt.from_ms)),
      inputs.map((input) => instantText(input.rebuilt.to_ms)),
      ...found,
    ],
  );
  if (resets.length === 0) return;
  await client.query(
    `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index, origin)
     SELECT f.organisation_id, f.meter_id, 'reset', f.at, f.measurand, f.closing, f.opening, 'detected'
     FROM unnest($1::int4[], $2::text[], $3::timestamptz[], $4::int4[], $5::bigint[], $6::bigint[])
       AS f (meter_id, measurand, at, organisation_id, closing, opening)
     WHERE NOT EXISTS (SELECT FROM meter_event e
       WHERE e.meter_id = f.meter_id AND e.measurand = f.measurand AND e.at = f.at)`,
    [
      ...found,
      resets.map((f) => f.organisationId),
      resets.map((f) => f.data.before),
      resets.map((f) => f.data.after),
    ],
  );
}
