import type { RateGroup } from '@wattproof/devices';
import { isOpen } from './breaker.ts';
import { type Device, scheduledOf } from './device.ts';
import { comesBefore, dueGroups, firstReleases, released, type Scheduled } from './schedule.ts';

export interface Turn {
  readonly device: Device;
  readonly due: readonly RateGroup[];
}

/**
 * The device to be read now and which of its rate groups; undefined where nothing is due. A silent device whose probe is
 * not due, or that the line's loss budget does not allow, gives its turn up.
 */
export function nextTurn(devices: readonly Device[], now_ms: number, mayProbe: boolean): Turn | undefined {
  let chosen:
    | { readonly device: Device; readonly scheduled: Scheduled; readonly due: RateGroup[] }
    | undefined;
  for (const device of devices) {
    const due = dueGroups(device.releases_ms, now_ms);
    if (due.length === 0) continue;
    if (isOpen(device.breaker) && !(mayProbe && now_ms >= (device.breaker.probeAt_ms ?? 0))) {
      finishTurn({ device, due }, { started_ms: now_ms, isRead: false });
      continue;
    }
    const candidate = { device, scheduled: scheduledOf(device), due };
    if (!chosen || comesBefore(candidate, chosen)) chosen = candidate;
  }
  return chosen;
}

/** Sets when the device is due again and counts what it missed. */
export function finishTurn(
  { device, due }: Turn,
  turn: { readonly started_ms: number; readonly isRead: boolean },
): void {
  const after = released(device, due, turn);
  device.releases_ms = after.releases_ms;
  device.missed += after.missed;
  device.lastPollAt_ms = turn.started_ms;
}

/** When the next device is due at the earliest. */
export const nextRelease_ms = (devices: readonly Device[]): number =>
  Math.min(
    ...devices.map(({ releases_ms: { fast, normal, slow } }) => Math.min(fast, normal, slow)),
    Number.POSITIVE_INFINITY,
  );

/** Begins anew on the grid: after the line was away, or the clock was set. */
export function releaseAll(devices: readonly Device[], now_ms: number): void {
  for (const device of devices) device.releases_ms = firstReleases(device.periods_ms, now_ms);
}
