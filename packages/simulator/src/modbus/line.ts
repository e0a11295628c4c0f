import type { MeterSettings } from '@wattproof/devices';
import type { MeasurandName } from '@wattproof/energy';
import type { Fault } from './fault.ts';

/** One simulated Modbus line: what is reachable through one TCP port or one serial port. */
export type SimulatedLine = TcpLine | SerialLine;

export interface TcpLine {
  readonly id: string;
  readonly transport: 'tcp';
  readonly port: number;
  readonly devices: readonly SimulatedDevice[];
}

export interface SerialLine {
  readonly id: string;
  readonly transport: 'rtu' | 'ascii';
  /** Our end of the pseudo-terminal pair, and the end that the gateway opens. */
  readonly devicePath: string;
  readonly gatewayPath: string;
  readonly devices: readonly SimulatedDevice[];
}

/**
 * One meter at a unit address. Several entries with the same unit and profile are the inputs of one device
 * (`settings.input`).
 */
export interface SimulatedDevice {
  readonly unit: number;
  readonly profileId: string;
  readonly settings: MeterSettings;
  /** True values at an instant (epoch ms) in base units; the device cuts them to its own resolution. */
  readonly values: (at_ms: number) => Readonly<Partial<Record<MeasurandName, number>>>;
  readonly faults?: readonly Fault[];
  /** Digital outputs (functions 1, 5, 15) and inputs (function 2), where the device has any. */
  readonly coils?: number;
  readonly contacts?: (at_ms: number) => readonly boolean[];
}
