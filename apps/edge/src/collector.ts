import type { WireReading } from '@wattproof/contracts/mqtt';

export interface CollectorLimits {
  /** Pause after the last line has finished its cycle: lines that finish together share a batch. */
  readonly linger_ms: number;
  /** Longest time that a reading waits here, in memory only. */
  readonly longest_ms: number;
  readonly most_readings?: number;
}

export interface Collector {
  readonly add: (line: string, readings: readonly WireReading[]) => void;
  /** The line has nothing more to read for now. */
  readonly rest: (line: string) => void;
  readonly flush: () => void;
}

/**
 * Gathers the readings of a cycle over all lines, so that it is one batch: until the last line that delivered something
 * rests, and never longer than `longest_ms`; only then are they on the disk.
 */
export function startCollector(
  deliver: (readings: readonly WireReading[]) => void,
  { linger_ms, longest_ms, most_readings = 1000 }: CollectorLimits,
): Collector {
  let gathered: WireReading[] = [];
  const busy = new Set<string>();
  let latest: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(latest);
    clearTimeout(soon);
    latest = undefined;
    soon = undefined;
    if (gathered.length === 0) return;
    const readings = gathered;
    gathered = [];
    deliver(readings);
  };
  return {
    add: (line, readings) => {
      busy.add(line);
      clearTimeout(soon);
      soon = undefined;
      gathered.push(...readings);
      if (gathered.length >= most_readings) flush();
      else latest ??= setTimeout(flush, longest_ms);
    },
    rest: (line) => {
      if (!busy.delete(line) || busy.size > 0 || gathered.length === 0) return;
      soon ??= setTimeout(flush, linger_ms);
    },
    flush,
  };
}
