import type { MeterSettings } from '@wattproof/devices';
import type { Carrier, EnergyUse, MeasurandName, MeterRole } from '@wattproof/energy';
import type { Schedule } from './drivers.ts';
import type { Load, Saving } from './load.ts';
import type { Climate } from './weather.ts';

/** The demo's world as data: organisations, sites, structure, meters, lines, and what goes wrong. */
export interface DemoPlant {
  readonly seed: number;
  /** First instant of the plant; counters stood at their start index then. */
  readonly start_ms: number;
  /** From here on Laval saves. */
  readonly reportingFrom_ms: number;
  readonly organisations: readonly PlantOrganisation[];
}

export interface PlantOrganisation {
  readonly key: string;
  readonly name: string;
  readonly slug: string;
  readonly trade: string;
  readonly locale: string;
  readonly currency: string;
  readonly legalEntities: readonly PlantLegalEntity[];
  readonly sites: readonly PlantSite[];
}

export interface PlantLegalEntity {
  readonly key: string;
  readonly name: string;
  readonly country: string;
  readonly registrationNumber: string;
  /** Own lorries: litres of diesel a month, bought by fuel card. */
  readonly fleetDiesel_l: number;
}

export interface PlantSite {
  readonly key: string;
  readonly name: string;
  readonly legalEntityKey: string;
  readonly activity: string;
  readonly country: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly floorArea_m2: number;
  readonly subscribedPower_w: number;
  readonly climate: Climate;
  readonly schedule: Schedule;
  readonly loads: readonly Load[];
  readonly saving?: Saving;
  readonly zones: readonly PlantZone[];
  readonly lines: readonly PlantLine[];
  readonly meters: readonly PlantMeter[];
  /** Delivery points: what the supplier's bills name. */
  readonly supplies: readonly PlantSupply[];
  readonly gatewayId: string;
  /** A gateway of the customer's own, with meters that only it knows. */
  readonly customGateway?: PlantCustomGateway;
}

export interface PlantZone {
  readonly key: string;
  readonly name: string;
  readonly panels: readonly PlantPanel[];
}
export interface PlantPanel {
  readonly key: string;
  readonly name: string;
  readonly circuits: readonly PlantCircuit[];
}
export interface PlantCircuit {
  readonly key: string;
  readonly name: string;
  readonly ratedCurrent_a: number;
  readonly energyUse: EnergyUse | undefined;
}

export interface PlantLine {
  readonly key: string;
  readonly name: string;
  readonly transport: 'tcp' | 'rtu' | 'ascii';
  /** Serial lines. */
  readonly baud: number;
  /** Place of the line's endpoint among the simulated Modbus TCP ports; -1 for serial lines. */
  readonly portOffset: number;
}

export interface PlantSupply {
  readonly carrier: 'electricity' | 'gas';
  readonly code: string;
  readonly name: string;
  /** Whole site through one point: the meter whose truth the supplier bills. */
  readonly meterKey: string;
  readonly tariff: SupplyTariff;
}
/** Prices without value added tax, as on the bill. */
export interface SupplyTariff {
  readonly energy_per_kwh: number;
  readonly network_per_kwh: number;
  readonly levies_per_kwh: number;
  readonly standing_per_month: number;
}

export interface PlantCustomGateway {
  readonly id: string;
  readonly name: string;
  readonly meters: readonly {
    readonly key: string;
    readonly name: string;
    readonly carrier: Carrier;
    readonly measurand: MeasurandName;
  }[];
}

/** How a meter's device measures: which profile and settings, and what its registers can show. */
export interface PlantDevice {
  readonly profileId: string;
  readonly lineKey: string;
  readonly unit: number;
  readonly settings: MeterSettings;
}

export interface PlantMeter {
  /** Unique within its site; the key of its readings on the wire. */
  readonly key: string;
  readonly name: string;
  readonly role: MeterRole;
  /** Relevant variables carry no energy: `production` and `weather`. */
  readonly carrier: Carrier | 'production' | 'weather';
  readonly energyUse: EnergyUse | undefined;
  /** Counter of its consumption. */
  readonly measurand: MeasurandName | undefined;
  readonly zoneKey: string;
  readonly circuitKey: string | undefined;
  readonly parentKey: string | undefined;
  readonly device: PlantDevice;
  readonly serialNumber: string;
  readonly accuracy: readonly { readonly part: string; readonly class: number }[];
  /** Largest plausible rate of its counter, units per second. */
  readonly rateMax_per_s: number | undefined;
  readonly readingPeriod_s: number;
  readonly source: MeterSource;
  /** Where its main counter stands at the plant's start: so many units before it begins again at zero. */
  readonly beforeRollover: number | undefined;
  readonly incidents: MeterIncidents;
}

/** What the meter sees. */
export type MeterSource =
  /** Loads below it; with generation, the grid's two directions. */
  | {
      readonly kind: 'electric';
      readonly phases: 1 | 3;
      readonly loads: readonly string[];
      readonly grid: boolean;
      /** Generates: energy flows out of the metered object. */
      readonly outward: boolean;
      /** Measured through transformers: rated primary current. */
      readonly rated_a: number;
    }
  | {
      readonly kind: 'pulse';
      readonly loads: readonly string[];
      readonly measurand: 'volume_l' | 'production_g';
    }
  | { readonly kind: 'weather' }
  | { readonly kind: 'breaker'; readonly loads: readonly string[]; readonly behaviour: BreakerBehaviour };

/** `closed`: always. `spare`: always open. `docks`: closed while lorries load. `trips`: open by fault now and then. */
export type BreakerBehaviour = 'closed' | 'spare' | 'docks' | 'trips';

/** What happens to a meter, all at instants fixed by the plant. */
export interface MeterIncidents {
  /** Another device takes its place: closing index of the old, opening index of the new, in the counter's unit. */
  readonly replacement?: {
    readonly at_ms: number;
    readonly openingIndex: number;
    readonly serialNumber: string;
  };
  /** The device forgets its counters. */
  readonly reset?: { readonly at_ms: number };
  /** The current transformer of one phase is put on the wrong way round, and stays so. */
  readonly reversedPhase?: { readonly phase: 1 | 2 | 3; readonly from_ms: number };
  /** Silent for some minutes a few times an hour. */
  readonly flaky?: boolean;
  /** Nothing comes through, as the whole line is off. */
  readonly outages: readonly { readonly from_ms: number; readonly to_ms: number }[];
}
