import { type CharacterFormat, type DeviceProfile, exchangeTime_ms, type Point } from '@wattproof/devices';

/** 32 devices that are read in one request of 62 words. */
export const slaveCount = 32;
export const words = 62;
export const deadUnits = [5, 17, 29] as const;
/** No maker of the guide's devices states a typical one: what the line forecast assumes. */
export const turnaround_ms = 50;
export const gap_ms = 20;
const identity = 0x0300;

export const formatOf = (baud: number): CharacterFormat => ({
  mode: 'rtu',
  baud,
  parity: 'none',
  stopBits: 1,
});

/** Σ ((request + reply bytes) × character time + turn-around + prescribed gap). */
export const theoreticalCycle_ms = (baud: number): number =>
  slaveCount * exchangeTime_ms(formatOf(baud), words, { turnaround_ms, gap_ms });

export const profile: DeviceProfile = {
  id: 'bench-62-words',
  maker: '-',
  models: [],
  title: '62 words in one request',
  source: 'benchmark',
  trust: 'simulated',
  verified: false,
  functionCode: 3,
  limits: { maxWords: words, minimumGap_ms: gap_ms, unreadable: [] },
  identity: { point: 'device_id', equals: 1 },
  points: [
    { key: 'device_id', address: identity, type: 'u16', initial: 1 },
    ...Array.from(
      { length: words / 2 },
      (_, i): Point => ({
        key: `value${i}`,
        address: 0x1000 + 2 * i,
        type: 'u32',
        ...(i === 0 ? { measurand: 'active_power_w' } : { initial: i }),
      }),
    ),
  ],
};
