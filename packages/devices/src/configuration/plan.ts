import type { Parity, SerialMode } from '../communication.ts';
import type { ModuleSlot } from '../product/control-units.ts';

/** The RS485 side of a line: its characters, its wire. */
export interface PlannedWire {
  readonly mode: SerialMode;
  readonly baud: number;
  readonly parity: Parity;
  readonly stopBits: 1 | 2;
  readonly length_m: number | null;
  /** Each begins a new segment of 32 devices and 1000 m. */
  readonly repeaters: number;
}

/** What a line is plugged into. */
export type PlannedPlace =
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'tcp' | 'rtuOverTcp'; readonly host: string; readonly port: number };

/** A meter as an installer plans it: what it is, where it hangs, how it is read, where it stands. */
export interface MeterPlan {
  /** Unique within the gateway: the name under which it reports. */
  readonly key: string;
  readonly name: string;
  readonly unit: number;
  /** Catalogue number, where it is known. */
  readonly product: string | null;
  readonly profileId: string;
  /** Values of the profile's points that override the device's own: `ct_ratio`, `input`, `pulse_weight`, … */
  readonly settings: Readonly<Record<string, number>>;
  /** Option modules of a control unit. */
  readonly modules: readonly { readonly slot: ModuleSlot; readonly catalogueNumber: string }[];
  /** The supply 0 288 06 that feeds a DMX³ protection unit, by its name on site. */
  readonly supply: { readonly name: string; readonly unit: 'mp4' | 'mp6' } | null;
  /** How often it is read; null: as often as the gateway reads. */
  readonly period_s: number | null;
  readonly carrier: string;
  readonly energyUse: string | null;
  /** The counter that its consumption is derived from. */
  readonly measurand: string | null;
  readonly zoneId: string | null;
  readonly circuitId: string | null;
}

export interface LinePlan {
  readonly key: string;
  readonly name: string;
  readonly place: PlannedPlace;
  /** Null on a network, where every device has an address of its own. */
  readonly wire: PlannedWire | null;
  readonly timeout_ms: number;
  readonly meters: readonly MeterPlan[];
}

/** What a gateway shall read and how, as people plan it; what is sent to the gateway follows from it. */
export interface ConfigurationPlan {
  readonly pollPeriod_s: number;
  /** Active power, where it is read at another rate than the rest; of meters without a period of their own. */
  readonly fastPeriod_s?: number | null;
  /** Counters, harmonics and temperatures, where they are. */
  readonly slowPeriod_s?: number | null;
  readonly lines: readonly LinePlan[];
}
