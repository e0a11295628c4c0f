import { startLines } from '@wattproof/simulator';
import { formatOf, profile, slaveCount, turnaround_ms } from './work.ts';

/** One serial line with its devices, in a process of its own as on the other end of a cable. */
export interface SlavesOrder {
  readonly devicePath: string;
  readonly gatewayPath: string;
  readonly baud: number;
  readonly dead: readonly number[];
  readonly socat: readonly string[];
}

const order = JSON.parse(process.argv[2] ?? '') as SlavesOrder;
const { devicePath, gatewayPath, baud, dead, socat } = order;
await startLines(
  [
    {
      id: 'bench',
      transport: 'rtu',
      devicePath,
      gatewayPath,
      timing: formatOf(baud),
      devices: Array.from({ length: slaveCount }, (_, i) => ({
        unit: i + 1,
        profileId: profile.id,
        profile,
        settings: {},
        turnaround_ms,
        values: () => ({ active_power_w: 1000 + i }),
        ...(dead.includes(i + 1) ? { faults: [{ kind: 'silent' }] as const } : {}),
      })),
    },
  ],
  { socat },
);
process.send?.('ready');
