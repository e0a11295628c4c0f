import type { WireReading } from '@wattproof/contracts/mqtt';

/**
 * Gathers the readings of lines that finish at about the same time, so that a cycle is one batch. Readings wait here for
 * `linger_ms` at most; only then are they on the disk.
 */
export function startCollector(
  deliver: (readings: readonly WireReading[]) => void,
  { linger_ms, most_readings = 1000 }: { readonly linger_ms: number; readonly most_readings?: number },
): { readonly add: (readings: readonly WireReading[]) => void; readonly flush: () => void } {
  let gathered: WireReading[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.length === 0) return;
    const readings = gathered;
    gathered = [];
    deliver(readings);
  };
  return {
    add: (readings) => {
      gathered.push(...readings);
      if (gathered.length >= most_readings) flush();
      else timer ??= setTimeout(flush, linger_ms);
    },
    flush,
  };
}
