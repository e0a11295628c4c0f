import type { CharacterFormat, DeviceProfile, MeterSettings } from '@wattproof/devices';
import type { MeasurandName } from '@wattproof/energy';
import type { Fault } from './fault.ts';
import type { SimulatedMemory } from './memory.ts';

/** One simulated Modbus line: what is reachable through one TCP port or one serial port. */
export type SimulatedLine = TcpLine | SerialLine;

export interface TcpLine {
  readonly id: string;
  /** `rtuOverTcp`: a converter that passes RTU frames on as they are. */
  readonly transport: 'tcp' | 'rtuOverTcp';
  readonly port: number;
  readonly devices: readonly SimulatedDevice[];
}

export interface SerialLine {
  readonly id: string;
  readonly transport: 'rtu' | 'ascii';
  /** Our end of the pseudo-terminal pair, and the end that the gateway opens. */
  readonly devicePath: string;
  readonly gatewayPath: string;
  /** Characters take their time as on a real line; left out, they arrive at once. */
  readonly timing?: CharacterFormat;
  readonly devices: readonly SimulatedDevice[];
}

/**
 * One meter at a unit address. Several entries with the same unit and profile are the inputs of one device
 * (`settings.input`).
 */
export interface SimulatedDevice {
  readonly unit: number;
  readonly profileId: string;
  /** A profile that is not of the catalogue; `profileId` is its id. */
  readonly profile?: DeviceProfile;
  readonly settings: MeterSettings;
  /** True values at an instant (epoch ms) in base units; the device cuts them to its own resolution. */
  readonly values: (at_ms: number) => Readonly<Partial<Record<MeasurandName, number>>>;
  readonly faults?: readonly Fault[];
  /** What it keeps of its past, where its profile has a memory; without it that is empty. */
  readonly memory?: SimulatedMemory;
  /** Time that the device takes to begin its answer; 0 where it is left out. */
  readonly turnaround_ms?: number;
  /** Digital outputs (functions 1, 5, 15) and inputs (function 2), where the device has any. */
  readonly coils?: number;
  readonly contacts?: (at_ms: number) => readonly boolean[];
}
