import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import { type DeviceProfile, findProfile, planIdentity, planReads, type ReadBlock } from '@wattproof/devices';
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
      breaker: closedBreaker,
      unanswered: [],
      timeouts: 0,
      lastReadAt_ms: undefined,
    };
  });
}

const inputsRead = (meters: readonly ConfiguredMeter[]): ReadonlySet<number> =>
  new Set(meters.flatMap((m) => (m.settings.input === undefined ? [] : [m.settings.input])));

/** The plan of a device that refused a range: only words that belong to a value, nothing read across gaps. */
export const cautiousPlan = ({ profile, meters }: Device): ReadBlock[] =>
  planReads(profile, inputsRead(meters), { requestCost_words: 0 });

/** Requests that show whether a silent device is back, shortest first. */
export const probesOf = (device: Device): ReadBlock[] => {
  const identity = planIdentity(device.profile);
  return [...(identity ? [identity] : []), ...device.blocks].sort((a, b) => a.words - b.words);
};
