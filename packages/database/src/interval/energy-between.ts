import {
  addQualityCounts,
  baseStart_ms,
  counterIntervals,
  intervalQualities,
  type MeasurandName,
  measurandOf,
  type QualityCounts,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { type IntervalMeter, loadIntervalMeters } from './interval-meter.ts';
import { counterRules, usableReadings } from './physical-intervals.ts';
import { readingWindows } from './reading-window.ts';
import { instantText, type TimeRange } from './time-range.ts';

/** What a counter counted between two instants, as far as it is known. */
export interface EnergyBetween {
  /** Integer; NaN where nothing is known. A lower bound where base intervals are missing. */
  readonly delta: number;
  readonly counts: QualityCounts;
  /** Counted up to here: the end asked for, or of the last interval that is known. */
  readonly until_ms: number;
}

const none: QualityCounts = { n_measured: 0, n_interpolated: 0, n_estimated: 0, n_manual: 0, n_missing: 0 };
const countNames = intervalQualities.map((quality) => `n_${quality}` as keyof QualityCounts);

/**
 * Sum of a meter's counter over [from, to), or up to its last known interval: whole base intervals as stored, and what is
 * before the first and after the last of them by the same interpolation between readings, so that runs which follow
 * each other add up to the intervals. For the API: it reads through the views of the organisation in scope.
 */
export async function energyBetween(
  client: ClientBase,
  { meterId, measurand }: { readonly meterId: number; readonly measurand: MeasurandName },
  { from_ms, to_ms }: { readonly from_ms: number; readonly to_ms: number | null },
): Promise<EnergyBetween> {
  const meter = (await loadIntervalMeters(client, [meterId])).get(meterId);
  if (!meter) throw new RangeError(`There is no meter ${meterId}`);
  const first_ms = ceilBase(meter, from_ms);
  if (to_ms !== null && to_ms <= first_ms) return part(client, meter, { measurand, from_ms, to_ms });
  const whole = await storedSum(client, meter, {
    measurand,
    from_ms: first_ms,
    to_ms: to_ms === null ? null : baseStart_ms(to_ms, meter.base_ms, meter.phase_ms),
  });
  const known = await part(client, meter, { measurand, from_ms, to_ms: first_ms });
  if (known.until_ms < first_ms && whole.until_ms <= first_ms) return known;
  // Its readings may be gone where its intervals are not.
  const head = known.until_ms < first_ms ? { ...known, counts: { ...none, n_missing: 1 } } : known;
  const tail =
    to_ms !== null && whole.until_ms < to_ms
      ? await part(client, meter, { measurand, from_ms: whole.until_ms, to_ms })
      : { delta: Number.NaN, counts: none, until_ms: whole.until_ms };
  return [head, whole, tail].reduce((sum, next) => ({
    delta: add(sum.delta, next.delta),
    counts: addQualityCounts(sum.counts, next.counts),
    until_ms: Math.max(sum.until_ms, next.until_ms),
  }));
}

const add = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b);

const ceilBase = ({ base_ms, phase_ms }: IntervalMeter, at_ms: number): number => {
  const start = baseStart_ms(at_ms, base_ms, phase_ms);
  return start === at_ms ? at_ms : start + base_ms;
};

interface Stretch extends TimeRange {
  readonly measurand: MeasurandName;
}

/** A stretch that is no whole base interval, from the readings around it. */
async function part(
  client: ClientBase,
  meter: IntervalMeter,
  { measurand, from_ms, to_ms }: Stretch,
): Promise<EnergyBetween> {
  if (to_ms <= from_ms) return { delta: Number.NaN, counts: none, until_ms: to_ms };
  const measurands = [measurandOf(measurand)];
  const source = 'public.reading';
  const { id: meterId, base_ms, phase_ms } = meter;
  const change = { meterId, measurands, from_ms, to_ms, base_ms, phase_ms };
  const [window] = await readingWindows(client, [change], source);
  const load = window?.load ?? { from_ms, to_ms };
  const series = await usableReadings(
    client,
    { meterId: meter.id, measurands: [measurand], ...load },
    source,
  );
  const { from, to, delta, quality } = counterIntervals({
    at_ms: series.at_ms,
    index: series.columns[0] ?? [],
    rules: counterRules(meter),
    events: meter.events.get(measurand) ?? [],
    boundaries_ms: [from_ms, to_ms],
  });
  // Not known yet: its readings are still to come.
  if (to <= from) return { delta: Number.NaN, counts: none, until_ms: from_ms };
  const name = countNames[quality[0] as number] ?? 'n_missing';
  return { delta: delta[0] as number, counts: { ...none, [name]: 1 }, until_ms: to_ms };
}

async function storedSum(
  client: ClientBase,
  meter: IntervalMeter,
  { measurand, from_ms, to_ms }: Omit<Stretch, 'to_ms'> & { readonly to_ms: number | null },
): Promise<EnergyBetween> {
  const until = to_ms === null ? '' : `AND start < '${instantText(to_ms)}'`;
  const { rows } = await client.query<
    Record<keyof QualityCounts, number> & { delta: number | null; until_ms: number | null }
  >(
    `SELECT sum(delta)::double precision AS delta,
       ${countNames.map((name, code) => `count(*) FILTER (WHERE quality = ${code})::int AS ${name}`).join(', ')},
       extract(epoch FROM max(start + make_interval(secs => duration_s)))::double precision * 1000 AS until_ms
     FROM public.interval WHERE meter_id = ${meter.id} AND measurand = ${measurandOf(measurand).id}
       AND start >= '${instantText(from_ms)}' ${until}`,
  );
  const [row] = rows;
  if (!row || row.until_ms === null) return { delta: Number.NaN, counts: none, until_ms: from_ms };
  const { delta, until_ms, ...counts } = row;
  return { delta: delta ?? Number.NaN, counts, until_ms };
}
