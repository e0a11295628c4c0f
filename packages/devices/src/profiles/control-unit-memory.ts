import type { DeviceProfile, Point, ProfileMemory } from '../profile.ts';
import { controlUnitModules } from './control-unit-modules.ts';

/** A counter as a record holds it: as the unit's own register shows it, counts and scale alike. */
const kept = (key: string, address: number): Point => {
  const point = controlUnitModules.points.find((p) => p.key === key);
  if (!point) throw new Error(`no point ${key}`);
  return { ...point, address };
};

/** 5760 hourly records are 240 days, as the maker says that the module keeps. */
const memory: ProfileMemory = {
  head: {
    interval_s: { address: 0x1300, type: 'u16' },
    newest: { address: 0x1301, type: 'u32' },
    newestEnd_s: { address: 0x1303, type: 'u32' },
    clock_s: { address: 0x1305, type: 'u32' },
  },
  records: { address: 0x1400, words: 10, capacity: 5760 },
  record: {
    end_s: { address: 0, type: 'u32' },
    number: { address: 2, type: 'u16' },
    status: { address: 3, type: 'u16' },
  },
  points: [kept('energy_import', 4), kept('reactive_import', 6), kept('energy_export', 8)],
};

/** Control unit with the memory module 4 120 56: what its counters showed at the end of every interval is kept. */
export const controlUnitMemory: DeviceProfile = {
  ...controlUnitModules,
  id: 'control-unit-memory',
  models: ['4 120 53', '4 120 56'],
  title: 'Control unit with memory module 4 120 56',
  source: `${controlUnitModules.source}; the memory as a function in the guide p. 35, how it is read is not published`,
  notice:
    'Registers 1080h–118Fh and the memory from 1300h are our layout, not seen on hardware. Upload the table of the maker to read a real unit.',
  identity: { point: 'device_id', equals: 0x56 },
  points: controlUnitModules.points.map((point) =>
    point.key === 'device_id' ? { ...point, initial: 0x56 } : point,
  ),
  memory,
};
