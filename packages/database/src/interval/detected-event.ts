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
export async function storeDetectedEvents(client: ClientBase, input: DetectedInput): Promise<void> {
  const resets = input.findings.filter((finding) => finding.code === 'backwardStep');
  const values = [
    input.meterId,
    instantText(input.rebuilt.from_ms),
    instantText(input.rebuilt.to_ms),
    resets.map((f) => f.measurand),
    resets.map((f) => instantText(f.at_ms)),
  ];
  await client.query(
    `DELETE FROM meter_event e WHERE e.meter_id = $1 AND e.origin = 'detected' AND e.at >= $2 AND e.at < $3
       AND NOT EXISTS (SELECT FROM unnest($4::text[], $5::timestamptz[]) AS f (measurand, at)
                       WHERE f.measurand = e.measurand AND f.at = e.at)`,
    values,
  );
  if (resets.length === 0) return;
  await client.query(
    `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index, origin)
     SELECT $1, $2, 'reset', f.at, f.measurand, f.closing, f.opening, 'detected'
     FROM unnest($3::text[], $4::timestamptz[], $5::bigint[], $6::bigint[]) AS f (measurand, at, closing, opening)
     WHERE NOT EXISTS (SELECT FROM meter_event e WHERE e.meter_id = $2 AND e.measurand = f.measurand AND e.at = f.at)`,
    [
      input.organisationId,
      input.meterId,
      values[3],
      values[4],
      resets.map((f) => f.data.before),
      resets.map((f) => f.data.after),
    ],
  );
}
