import type { Meter } from '@wattproof/contracts/api';
import type { LatestRow, MeterRow } from '@wattproof/database/queries';
import type { ProfileFinder } from '@wattproof/devices';
import { readingQualities } from '@wattproof/energy';

/** Missed periods after which a value counts as stale. */
const missedPeriods = 3;

export const isStale = (at_ms: number, readingPeriod_s: number, now_ms: number): boolean =>
  now_ms - at_ms > missedPeriods * readingPeriod_s * 1_000;

export const qualityName = (code: number): string => readingQualities[code] ?? 'notAvailable';

/** `latest.values`: measurand name → [value, epoch ms]. */
export const latestValues = (row: LatestRow): Readonly<Record<string, readonly [number, number]>> =>
  row.values as Record<string, [number, number]>;

/** A meter as the API shows it, with its newest values where it has any. */
export function meterView(
  row: MeterRow,
  latest: LatestRow | undefined,
  { findProfile, now_ms }: { readonly findProfile: ProfileFinder; readonly now_ms: number },
): Meter {
  const { lineId, lineName, transport, profileId, unitAddress, readingPeriod_s, ...rest } = row;
  const profile = profileId ? findProfile(profileId) : undefined;
  return {
    ...rest,
    role: row.role as Meter['role'],
    kind: row.kind as Meter['kind'],
    energyUse: row.energyUse as Meter['energyUse'],
    accuracy: [...row.accuracy],
    profile: profile
      ? { id: profile.id, name: profile.title, trust: profile.trust, note: profile.notice ?? '' }
      : null,
    line: lineId && lineName && transport ? { id: lineId, name: lineName, transport, unitAddress } : null,
    latest: latest
      ? {
          at: latest.at.toISOString(),
          receivedAt: latest.receivedAt.toISOString(),
          quality: qualityName(latest.quality),
          stale: isStale(latest.at.getTime(), readingPeriod_s, now_ms),
          values: Object.entries(latestValues(latest)).map(([measurand, [value, at_ms]]) => ({
            measurand,
            value,
            at: new Date(at_ms).toISOString(),
            quality: qualityName(latest.quality),
          })),
        }
      : null,
  };
}
