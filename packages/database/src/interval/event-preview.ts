import {
  type CounterEvent,
  findMeasurandById,
  localDate,
  periodBoundaries,
  type QualityCounts,
  qualityCounts,
  type SeriesFinding,
  tier,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { IntervalBlock } from './interval-block.ts';
import { type IntervalMeter, loadIntervalMeters } from './interval-meter.ts';
import { type IntervalSeries, readIntervals } from './interval-reader.ts';
import { physicalIntervals } from './physical-intervals.ts';
import type { TimeRange } from './time-range.ts';
import { whatIsThere } from './what-is-there.ts';

/** A day of one counter as it stands and as it would be. */
export interface ChangedDay {
  readonly date: string;
  readonly measurand: string;
  /** NaN where nothing is known. */
  readonly before: number;
  readonly after: number;
  readonly countsBefore: QualityCounts;
  readonly countsAfter: QualityCounts;
}

export interface EventPreview {
  readonly rebuilt: TimeRange;
  readonly days: readonly ChangedDay[];
  readonly findings: readonly (SeriesFinding & { readonly measurand: string })[];
}

/** The declared events of a meter's counters as they would be. */
export type DeclaredEvents = IntervalMeter['events'];

export interface PreviewOptions {
  readonly meterId: number;
  /** What would be marked. */
  readonly range: TimeRange;
  /** Takes the events in force and gives those that would be. */
  readonly change: (events: DeclaredEvents, meter: IntervalMeter) => DeclaredEvents;
  /** Modulus of the present register, where it would be another. */
  readonly modulus?: number | null;
}

/**
 * What a change of a meter's declared events would do to its days: the same computation as the workers', over the same
 * range, and nothing is written. For the API: it reads through the views of the organisation in scope.
 */
export async function previewEvents(
  client: ClientBase,
  { meterId, range, change, modulus }: PreviewOptions,
): Promise<EventPreview> {
  const known = (await loadIntervalMeters(client, [meterId])).get(meterId);
  if (!known) return { rebuilt: range, days: [], findings: [] };
  const meter = {
    ...known,
    events: change(known.events, known),
    ...(modulus === undefined ? {} : { modulus }),
  };
  const changed = whatIsThere(meter, range).map((there) => ({ meter, range: there }));
  const [computed] = await physicalIntervals(client, changed, 'public.reading');
  if (!computed) return { rebuilt: range, days: [], findings: [] };
  const days: ChangedDay[] = [];
  for (const block of computed.blocks)
    if (block.delta) days.push(...(await changedDays(client, meter, block)));
  days.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  return { rebuilt: computed.rebuilt, days, findings: computed.findings };
}

async function changedDays(
  client: ClientBase,
  meter: IntervalMeter,
  block: IntervalBlock,
): Promise<ChangedDay[]> {
  const measurand = measurandName(block.measurandId);
  const first_ms = block.start_ms[0] as number;
  const last_ms = block.start_ms[block.start_ms.length - 1] as number;
  const boundaries = periodBoundaries(meter.timeZone, 'day', first_ms, last_ms + 1);
  const range = { from_ms: boundaries[0] as number, to_ms: boundaries[boundaries.length - 1] as number };
  const key = { meterId: meter.id, measurandId: block.measurandId, ...range };
  const stored = await readIntervals(client, key, 'public.interval');
  const options = { width_ms: meter.base_ms };
  const before = tier(stored, boundaries, options);
  const after = tier(replaced(stored, block), boundaries, options);
  const days: ChangedDay[] = [];
  const rowBefore = new Map(Array.from({ length: before.count }, (_, i) => [before.start_ms[i], i]));
  for (let i = 0; i < after.count; i++) {
    const start_ms = after.start_ms[i] as number;
    const j = rowBefore.get(start_ms) ?? -1;
    const day = {
      date: localDate(meter.timeZone, start_ms),
      measurand,
      before: before.delta[j] ?? Number.NaN,
      after: after.delta[i] as number,
      countsBefore: qualityCounts(before, j),
      countsAfter: qualityCounts(after, i),
    };
    if (!Object.is(day.before, day.after) || !sameCounts(day.countsBefore, day.countsAfter)) days.push(day);
  }
  return days;
}

const sameCounts = (a: QualityCounts, b: QualityCounts): boolean =>
  (Object.keys(a) as (keyof QualityCounts)[]).every((name) => a[name] === b[name]);

function measurandName(id: number): string {
  const found = findMeasurandById(id);
  if (!found) throw new Error(`No measurand ${id}`);
  return found.name;
}

/** Stored intervals with those of the block in their place. */
function replaced(
  stored: IntervalSeries,
  block: IntervalBlock,
): { start_ms: number[]; quality: number[]; delta: number[] } {
  const rows = new Map<number, readonly [quality: number, delta: number]>();
  for (let i = 0; i < stored.start_ms.length; i++)
    rows.set(stored.start_ms[i] as number, [stored.quality[i] as number, stored.delta[i] as number]);
  for (let i = 0; i < block.start_ms.length; i++)
    rows.set(block.start_ms[i] as number, [block.quality[i] as number, block.delta?.[i] as number]);
  const ordered = [...rows].sort(([a], [b]) => a - b);
  return {
    start_ms: ordered.map(([start]) => start),
    quality: ordered.map(([, [quality]]) => quality),
    delta: ordered.map(([, [, delta]]) => delta),
  };
}

/** Events of one measurand with one more, in order of time. */
export const withEvent = (events: DeclaredEvents, measurand: string, event: CounterEvent): DeclaredEvents =>
  new Map([
    ...events,
    [measurand, [...(events.get(measurand) ?? []), event].sort((a, b) => a.at_ms - b.at_ms)],
  ]);

/** Events of one measurand without the one of an instant. */
export const withoutEvent = (events: DeclaredEvents, measurand: string, at_ms: number): DeclaredEvents =>
  new Map([...events, [measurand, (events.get(measurand) ?? []).filter((event) => event.at_ms !== at_ms)]]);
