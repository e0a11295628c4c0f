import {
  basePhase_ms,
  type CounterEvent,
  type MeasurandName,
  type MeterRole,
  type VirtualTerm,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { intervalMeasurands, type MeasuredMeter } from './interval-measurand.ts';

/** What the interval engine must know of a meter, its site and its history. */
export interface IntervalMeter extends MeasuredMeter {
  readonly id: number;
  readonly organisationId: number;
  readonly kind: 'physical' | 'virtual' | 'manual';
  readonly timeZone: string;
  readonly base_ms: number;
  /** Nothing before is computed anew: what it would be computed from is gone. Null where all is there. */
  readonly goneBefore_ms: number | null;
  /** Where the grid of base intervals begins (see `basePhase_ms`). */
  readonly phase_ms: number;
  /** The site's base interval was another one before: rows of that width may be left. */
  readonly isRebased: boolean;
  readonly modulus: number | null;
  readonly maxRate_per_s: number | null;
  /** Declared events by measurand. Detected ones are results and never go in again. */
  readonly events: ReadonlyMap<string, readonly CounterEvent[]>;
  /** Virtual meters only. */
  readonly terms: readonly VirtualTerm[];
}

interface MeterRow {
  id: number;
  organisation_id: number;
  kind: IntervalMeter['kind'];
  role: MeterRole | 'total';
  carrier: string;
  measurand: string | null;
  settings: Record<string, unknown>;
  counter_modulus: string | null;
  rate_max_per_s: number | null;
  time_zone: string;
  base_interval_s: number;
  gone_before: Date | number | null;
  is_rebased: boolean;
}
interface EventRow {
  meter_id: number;
  kind: CounterEvent['kind'];
  at: Date;
  measurand: string;
  closing_index: string | null;
  opening_index: string;
  modulus_before: string | null;
}
interface TermRow {
  meter_id: number;
  source_meter_id: number;
  source_measurand: MeasurandName;
  sign: 1 | -1;
  valid_from: Date | number;
  valid_to: Date | number;
}

/** pg gives -infinity and infinity as numbers. */
const openEnd = (at: Date | number): number | null => (typeof at === 'number' ? null : at.getTime());

/** The meters of these ids, by id. */
export async function loadIntervalMeters(
  client: ClientBase,
  ids: readonly number[],
): Promise<ReadonlyMap<number, IntervalMeter>> {
  const meters = await client.query<MeterRow>(
    `SELECT m.id, m.organisation_id, m.kind, m.role, m.carrier, m.measurand, m.settings,
            m.counter_modulus::text, m.rate_max_per_s, s.time_zone, s.base_interval_s,
            s.base_changed_at IS NOT NULL AS is_rebased,
            CASE m.kind WHEN 'virtual' THEN g.intervals_before
              ELSE greatest(g.readings_before, g.intervals_before) END AS gone_before
     FROM meter m JOIN site s ON s.id = m.site_id LEFT JOIN meter_gone g ON g.meter_id = m.id WHERE m.id = ANY ($1)`,
    [ids],
  );
  const events = await client.query<EventRow>(
    `SELECT meter_id, kind, at, measurand, closing_index::text, opening_index::text, modulus_before::text
     FROM meter_event WHERE meter_id = ANY ($1) AND origin = 'declared' ORDER BY at, id`,
    [ids],
  );
  const terms = await client.query<TermRow>(
    `SELECT meter_id, source_meter_id, source_measurand, sign, valid_from, valid_to
     FROM virtual_term WHERE meter_id = ANY ($1) ORDER BY meter_id, source_meter_id, id`,
    [ids],
  );
  const eventsOf = Map.groupBy(events.rows, (row) => row.meter_id);
  const termsOf = Map.groupBy(terms.rows, (row) => row.meter_id);
  return new Map(
    meters.rows.map((row) => [
      row.id,
      {
        id: row.id,
        organisationId: row.organisation_id,
        kind: row.kind,
        role: row.role,
        carrier: row.carrier,
        measurand: row.measurand,
        settings: row.settings,
        timeZone: row.time_zone,
        base_ms: row.base_interval_s * 1000,
        goneBefore_ms: row.gone_before === null ? null : openEnd(row.gone_before),
        phase_ms: basePhase_ms(row.time_zone, row.base_interval_s * 1000) ?? 0,
        isRebased: row.is_rebased,
        modulus: row.counter_modulus === null ? null : Number(row.counter_modulus),
        maxRate_per_s: row.rate_max_per_s,
        events: counterEvents(eventsOf.get(row.id) ?? []),
        terms: (termsOf.get(row.id) ?? []).map(virtualTerm),
      },
    ]),
  );
}

/** Counters of each meter that are kept as intervals: what can be summed, counted and balanced. */
export async function keptCounters(
  client: ClientBase,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly MeasurandName[]>> {
  const meters = await loadIntervalMeters(client, ids);
  return new Map(
    [...meters.values()].map((meter) => [
      meter.id,
      intervalMeasurands(meter)
        .filter((measurand) => measurand.kind === 'counter')
        .map((measurand) => measurand.name),
    ]),
  );
}

function counterEvents(rows: readonly EventRow[]): ReadonlyMap<string, readonly CounterEvent[]> {
  const byMeasurand = Map.groupBy(rows, (row) => row.measurand);
  return new Map([...byMeasurand].map(([measurand, own]) => [measurand, own.map(counterEvent)]));
}

const counterEvent = (row: EventRow): CounterEvent => ({
  kind: row.kind,
  at_ms: row.at.getTime(),
  closing: row.closing_index === null ? null : Number(row.closing_index),
  opening: Number(row.opening_index),
  ...(row.modulus_before === null ? {} : { modulusBefore: Number(row.modulus_before) || null }),
});

const virtualTerm = (row: TermRow): VirtualTerm => ({
  meterId: row.source_meter_id,
  measurand: row.source_measurand,
  sign: row.sign,
  from_ms: openEnd(row.valid_from),
  to_ms: openEnd(row.valid_to),
});
