'use client';
import type { Meter } from '@wattproof/contracts/api';
import { useEffect, useState } from 'react';
import { serverNow_ms } from '../shell/server-clock.tsx';
import { type LiveState, useLive } from './live.ts';

/** Latest values of one meter as they stand now. */
export interface LiveMeter {
  readonly at: string;
  readonly isStale: boolean;
  readonly quality: string;
  readonly values: ReadonlyMap<
    string,
    { readonly value: number; readonly at: string; readonly quality: string }
  >;
}

/** Without an event for this long a value is old, whatever its period (practice: at least five minutes). */
const staleAfter_ms = 300_000;

function initialOf(meters: readonly Meter[]): Map<number, LiveMeter> {
  const map = new Map<number, LiveMeter>();
  for (const { id, latest } of meters)
    if (latest)
      map.set(id, {
        at: latest.at,
        isStale: latest.stale,
        quality: latest.quality,
        values: new Map(latest.values.map((v) => [v.measurand, v])),
      });
  return map;
}

/** The meters of a site, kept up to date by its live events. */
export function useLiveMeters(
  siteId: string,
  meters: readonly Meter[],
): { readonly latest: ReadonlyMap<number, LiveMeter>; readonly state: LiveState } {
  const [latest, setLatest] = useState<ReadonlyMap<number, LiveMeter>>(() => initialOf(meters));
  useEffect(() => setLatest(initialOf(meters)), [meters]);
  const state = useLive(siteId, (event) =>
    setLatest((before) => {
      const next = new Map(before);
      for (const { meterId, at, quality, values } of event.meters) {
        const known = before.get(meterId);
        if (known && known.at > at) continue;
        const merged = new Map(known?.values);
        for (const [measurand, value] of Object.entries(values))
          merged.set(measurand, { value, at, quality });
        next.set(meterId, { at, quality, isStale: false, values: merged });
      }
      return next;
    }),
  );
  useEffect(() => {
    const timer = setInterval(
      () =>
        setLatest((before) => {
          const limit = serverNow_ms() - staleAfter_ms;
          const old = [...before].filter(([, m]) => !m.isStale && Date.parse(m.at) < limit);
          if (old.length === 0) return before;
          const next = new Map(before);
          for (const [id, m] of old) next.set(id, { ...m, isStale: true });
          return next;
        }),
      10_000,
    );
    return () => clearInterval(timer);
  }, []);
  return { latest, state };
}
