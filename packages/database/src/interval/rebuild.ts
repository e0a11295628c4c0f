import { findMeasurand } from '@wattproof/energy';
import type { ClientBase, Pool } from 'pg';
import { everyOrganisation, withScope } from '../scope.ts';
import { storeDetectedEvents } from './detected-event.ts';
import { type Claim, claimMarks, countMarkedMeters, markMeters } from './dirty-mark.ts';
import type { IntervalBlock } from './interval-block.ts';
import { type IntervalMeter, loadIntervalMeters } from './interval-meter.ts';
import { type ChangedRange, deleteOtherWidths, deleteRows, writeIntervals } from './interval-writer.ts';
import { type ChangedMeter, physicalIntervals } from './physical-intervals.ts';
import { rebuildTiers } from './tier-rebuild.ts';
import { sliceRange, type TimeRange } from './time-range.ts';
import { virtualBlock } from './virtual-intervals.ts';
import { whatIsThere } from './what-is-there.ts';

export interface RebuildProgress {
  /** Meters that still had marks when the run began, and how many of them are done. */
  readonly meters: number;
  readonly done: number;
  /** Base intervals written so far. */
  readonly intervals: number;
}

export interface RebuildOptions {
  /** Transactions at a time, each on a connection of its own. */
  readonly concurrency?: number;
  /** See `ClaimOptions.settle_s`; null computes every mark now. */
  readonly settle_s?: number | null;
  /**
   * Memory of a process that rebuilds again and again: how far each meter was computed. With it one live reading that
   * completes an interval is enough; without, only marks that cross a boundary are.
   */
  readonly reached?: Map<number, number>;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** A meter that cannot be computed keeps its marks and does not hold up the others. Told once of each in a run. */
  readonly onError: (error: Error, meterIds: readonly number[]) => void;
}

export interface RebuildResult {
  readonly marks: number;
  readonly meters: number;
  readonly intervals: number;
  readonly failedMeters: readonly number[];
}

const metersAtOnce = 100;
const span_ms = 400 * 86_400_000;
/** Longest stretch of one meter in memory: 15 months of readings every 10 s are 4 million rows. */
const slice_ms = 460 * 86_400_000;

/**
 * Computes intervals, tiers and virtual meters from the dirty marks until there are none. One transaction takes the
 * marks of some meters and writes all that follows from them, or nothing; virtual meters above are marked in it and
 * computed by a later one. Running it twice, or in several processes, changes nothing.
 */
export async function rebuildIntervals(pool: Pool, options: RebuildOptions): Promise<RebuildResult> {
  const { concurrency = 2, settle_s = null, reached } = options;
  const failed = new Set<number>();
  const total = { marks: 0, meters: 0, intervals: 0 };
  const meters = options.onProgress ? await withScope(pool, everyOrganisation, countMarkedMeters) : 0;
  // The other loop may have claimed a meter in the moment between its rollback and this.
  const leaveOut = (error: unknown, claimed: readonly number[]): Step => {
    const meterIds = claimed.filter((id) => !failed.has(id));
    for (const id of meterIds) failed.add(id);
    if (meterIds.length > 0) options.onError(asError(error), meterIds);
    return { marks: 0, meters: meterIds.length, intervals: 0 };
  };
  const loop = async (): Promise<void> => {
    for (;;) {
      const step = await rebuildSome(pool, { settle_s, reached, failed, leaveOut });
      if (step === null) return;
      total.marks += step.marks;
      total.meters += step.meters;
      total.intervals += step.intervals;
      options.onProgress?.({ meters, done: total.meters, intervals: total.intervals });
    }
  };
  // One that finds nothing may be early: the other's transaction may mark virtual meters when it commits.
  const loops = await Promise.allSettled(Array.from({ length: concurrency }, loop));
  // A run that fails has ended: no transaction of it goes on behind its caller's back.
  for (const ended of loops) if (ended.status === 'rejected') throw ended.reason;
  await loop();
  return { ...total, failedMeters: [...failed] };
}

interface Step {
  readonly marks: number;
  readonly meters: number;
  readonly intervals: number;
}
interface StepOptions {
  readonly settle_s: number | null;
  readonly reached: Map<number, number> | undefined;
  readonly failed: ReadonlySet<number>;
  /** Leaves meters that cannot be computed out of the rest of the run. */
  readonly leaveOut: (error: unknown, claimed: readonly number[]) => Step;
}

async function rebuildSome(
  pool: Pool,
  { settle_s, reached, failed, leaveOut }: StepOptions,
): Promise<Step | null> {
  const claimed: number[] = [];
  const attempt = (meters: number): Promise<Step | null> => {
    claimed.length = 0;
    return withScope(pool, everyOrganisation, async (client) => {
      // What is written here can be computed again, and its marks come back with it after a crash.
      await client.query('SET LOCAL synchronous_commit = off');
      const claim = await claimMarks(client, { meters, span_ms, settle_s, reached, except: [...failed] });
      if (!claim) return null;
      claimed.push(...claim.ranges.keys());
      return { marks: claim.marks, meters: claim.ranges.size, intervals: await rebuildClaim(client, claim) };
    });
  };
  try {
    return await attempt(metersAtOnce);
  } catch (error) {
    if (claimed.length === 0) throw error;
    return claimed.length > 1
      ? await rebuildOneByOne(attempt, { claimed, leaveOut })
      : leaveOut(error, claimed);
  }
}

/** After a failure of several meters at once: each alone, so that only the guilty one is left out. */
async function rebuildOneByOne(
  attempt: (meters: number) => Promise<Step | null>,
  { claimed, leaveOut }: { readonly claimed: readonly number[] } & Pick<StepOptions, 'leaveOut'>,
): Promise<Step> {
  const sum = { marks: 0, meters: 0, intervals: 0 };
  for (let left = claimed.length; left > 0; left--) {
    const step = await attempt(1).catch((error: unknown) => {
      if (claimed.length === 0) throw error;
      return leaveOut(error, claimed);
    });
    if (!step) break;
    sum.marks += step.marks;
    sum.meters += step.meters;
    sum.intervals += step.intervals;
  }
  return sum;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Everything that follows from the claimed marks, in the transaction that took them. Returns the rows written. */
async function rebuildClaim(client: ClientBase, claim: Claim): Promise<number> {
  const meters = await loadIntervalMeters(client, [...claim.ranges.keys()]);
  let rows = 0;
  let blocks: IntervalBlock[] = [];
  let written: IntervalBlock[] = [];
  let changed: ChangedRange[] = [];
  const flush = async (): Promise<void> => {
    const rebased = blocks.filter((block) => meters.get(block.meterId)?.isRebased);
    changed = changed.concat(await deleteOtherWidths(client, rebased), await writeIntervals(client, blocks));
    written = written.concat(blocks);
    blocks = [];
  };
  const slices = new Map(
    [...claim.ranges].flatMap(([id, ranges]) => {
      const meter = meters.get(id);
      // Marks of a meter that is gone are dropped with the claim.
      if (!meter) return [];
      const there = ranges.flatMap((range) => whatIsThere(meter, range));
      return [[meter, there.flatMap((range) => sliceRange(range, slice_ms))] as const];
    }),
  );
  const rounds = Math.max(0, ...[...slices.values()].map((list) => list.length));
  for (let round = 0; round < rounds; round++) {
    // Each meter once in a round: what two ranges of it change may overlap, and no row comes twice in one statement.
    const changes = [...slices].flatMap(([meter, list]) => {
      const range = list[round];
      return range ? [{ meter, range }] : [];
    });
    const computed = await computeChanges(client, changes);
    for (const block of computed.blocks) rows += block.start_ms.length;
    blocks.push(...computed.blocks);
    changed.push(...computed.deleted);
    await flush();
  }
  await rebuildTiers(client, meters, { changed: mergeChanges(changed), written });
  await markDependents(client, changed);
  return rows;
}

async function computeChanges(
  client: ClientBase,
  changes: readonly ChangedMeter[],
): Promise<{ readonly blocks: readonly IntervalBlock[]; readonly deleted: readonly ChangedRange[] }> {
  const physical = changes.filter(({ meter }) => meter.kind !== 'virtual');
  const computed = await physicalIntervals(client, physical);
  const detected = computed.map(({ rebuilt, findings }, i) => {
    const { id, organisationId } = (physical[i] as ChangedMeter).meter;
    return { meterId: id, organisationId, rebuilt, findings };
  });
  await storeDetectedEvents(client, detected);
  const blocks = computed.flatMap((one) => one.blocks);
  const deleted: ChangedRange[] = [];
  for (const { meter, range } of changes) {
    if (meter.kind !== 'virtual') continue;
    const block = await virtualBlock(client, meter, range);
    if (block) blocks.push(block);
    deleted.push(...(await deleteUnsummed(client, meter, { range, block: block ?? undefined })));
  }
  return { blocks, deleted };
}

/** Sums that were there and are no more, since a term was added, ended or taken away. */
async function deleteUnsummed(
  client: ClientBase,
  meter: IntervalMeter,
  { range, block }: { readonly range: TimeRange; readonly block: IntervalBlock | undefined },
): Promise<ChangedRange[]> {
  const measurand = meter.measurand === null ? undefined : findMeasurand(meter.measurand);
  if (!measurand) return [];
  const key = { meterId: meter.id, measurandId: measurand.id };
  const first_ms = block?.start_ms[0];
  const last_ms = block?.start_ms[block.start_ms.length - 1];
  if (first_ms === undefined || last_ms === undefined) return deleteRows(client, { ...key, ...range });
  return [
    ...(await deleteRows(client, { ...key, from_ms: range.from_ms, to_ms: first_ms })),
    ...(await deleteRows(client, { ...key, from_ms: last_ms + meter.base_ms, to_ms: range.to_ms })),
  ];
}

/** Changes of one meter and measurand that touch or are near, made one, so that no day is summed twice. */
function mergeChanges(changes: readonly ChangedRange[]): ChangedRange[] {
  const near_ms = 2 * 86_400_000;
  const merged: ChangedRange[] = [];
  const sorted = [...changes].sort(
    (a, b) => a.meterId - b.meterId || a.measurandId - b.measurandId || a.from_ms - b.from_ms,
  );
  for (const change of sorted) {
    const last = merged[merged.length - 1];
    if (
      last &&
      last.meterId === change.meterId &&
      last.measurandId === change.measurandId &&
      change.from_ms <= last.to_ms + near_ms
    )
      merged[merged.length - 1] = {
        ...last,
        to_ms: Math.max(last.to_ms, change.to_ms),
        isDeleted: Boolean(last.isDeleted || change.isDeleted),
      };
    else merged.push(change);
  }
  return merged;
}

/** Marks the virtual meters that have a changed meter as a term. */
async function markDependents(client: ClientBase, changed: readonly ChangedRange[]): Promise<void> {
  if (changed.length === 0) return;
  const { rows } = await client.query<{ meter_id: number; source_meter_id: number }>(
    'SELECT DISTINCT meter_id, source_meter_id FROM virtual_term WHERE source_meter_id = ANY ($1)',
    [[...new Set(changed.map((c) => c.meterId))]],
  );
  const dependents = Map.groupBy(rows, (row) => row.source_meter_id);
  const marks = changed.flatMap((change) =>
    (dependents.get(change.meterId) ?? []).map((row) => ({
      meterId: row.meter_id,
      from_ms: change.from_ms,
      to_ms: change.to_ms,
    })),
  );
  await markMeters(client, marks);
}
