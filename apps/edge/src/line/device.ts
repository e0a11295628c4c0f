import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import {
  type DeviceProfile,
  findProfile,
  halve,
  planIdentity,
  planReads,
  type ReadBlock,
} from '@wattproof/devices';
import { AppError } from '@wattproof/runtime';
import { type Breaker, closedBreaker } from './breaker.ts';
import type { Unanswered } from './late-reply.ts';

export type ConfiguredMeter = GatewayConfiguration['lines'][number]['meters'][number];

/** One device of a line with the meters it carries, and what has been learnt of it. */
export interface Device {
  readonly unit: number;
  readonly profile: DeviceProfile;
  readonly meters: readonly ConfiguredMeter[];
  blocks: readonly ReadBlock[];
  refused: readonly { readonly block: ReadBlock; readonly until_ms: number }[];
  breaker: Breaker;
  unanswered: readonly Unanswered[];
  timeouts: number;
  lastReadAt_ms: number | undefined;
}

/** Devices of a line in the order of their first meter: meters of one unit are the inputs of one device. */
export function devicesOf(meters: readonly ConfiguredMeter[]): Device[] {
  const byUnit = new Map<number, ConfiguredMeter[]>();
  for (const meter of meters) byUnit.set(meter.unit, [...(byUnit.get(meter.unit) ?? []), meter]);
  return [...byUnit].map(([unit, list]) => {
    const profile = findProfile(list[0]?.profileId ?? '');
    if (!profile) throw new AppError('invalid', `unit ${unit}: no profile is named ${list[0]?.profileId}`);
    return {
      unit,
      profile,
      meters: list,
      blocks: planReads(profile, inputsRead(list)),
      refused: [],
      breaker: closedBreaker,
      unanswered: [],
      timeouts: 0,
      lastReadAt_ms: undefined,
    };
  });
}

const inputsRead = (meters: readonly ConfiguredMeter[]): ReadonlySet<number> =>
  new Set(meters.flatMap((m) => (m.settings.input === undefined ? [] : [m.settings.input])));

/** How long a value that a device refuses is left alone. */
const refused_ms = 3_600_000;

/**
 * Learns from a refused range (exception 2 or 3): it is halved, and again, until what the device really refuses stands
 * alone; that is then left out for an hour.
 */
export function learnRefusal(device: Device, refused: ReadBlock, now_ms: number): void {
  const halves = halve(device.profile, refused);
  const at = device.blocks.findIndex(
    (b) => b.address <= refused.address && refused.address + refused.words <= b.address + b.words,
  );
  const whole = device.blocks[at];
  if (!whole) return;
  const before = { ...whole, words: refused.address - whole.address };
  const end = refused.address + refused.words;
  const after = { ...whole, address: end, words: whole.address + whole.words - end };
  const parts = [before, ...(halves ?? []), after].filter((block) => block.words > 0);
  device.blocks = [...device.blocks.slice(0, at), ...parts, ...device.blocks.slice(at + 1)];
  if (!halves) device.refused = [...device.refused, { block: refused, until_ms: now_ms + refused_ms }];
}

/** Takes what was refused long ago into the plan again: a device may have been extended. */
export function forgetOldRefusals(device: Device, now_ms: number): void {
  const due = device.refused.filter((r) => r.until_ms <= now_ms);
  if (due.length === 0) return;
  device.refused = device.refused.filter((r) => r.until_ms > now_ms);
  device.blocks = [...device.blocks, ...due.map((r) => r.block)].sort((a, b) => a.address - b.address);
}

/** Requests that show whether a silent device is back, shortest first. */
export const probesOf = (device: Device): ReadBlock[] => {
  const identity = planIdentity(device.profile);
  return [...(identity ? [identity] : []), ...device.blocks].sort((a, b) => a.words - b.words);
};
