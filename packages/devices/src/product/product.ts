import type { Communication } from '../communication.ts';

export const productKinds = [
  'meter',
  'controlUnit',
  'module',
  'currentTransformer',
  'concentrator',
  'ecometer',
  'protectionUnit',
  'breaker',
  'addOnModule',
  'interface',
  'accessory',
  'display',
  'server',
] as const;
export type ProductKind = (typeof productKinds)[number];

/** What a product measures or tells, in the guide's own groups. */
export const quantities = [
  'activeEnergy',
  'reactiveEnergy',
  'activeEnergyPartial',
  'reactiveEnergyPartial',
  'activePower',
  'reactivePower',
  'apparentPower',
  'currents',
  'neutralCurrent',
  'residualCurrent',
  'voltages',
  'frequency',
  'powerFactor',
  'operatingTime',
  'powerAverage',
  'powerAverageMax',
  'currentAverageMax',
  'voltageMinMax',
  'thd',
  'harmonics',
  'tariffs',
  'temperature',
  'pulses',
  'position',
  'lastTrip',
  'digitalInputs',
  'analogueInputs',
  'outputs',
] as const;
export type Quantity = (typeof quantities)[number];

export const productOutputs = ['pulse', 'rs485', 'ethernet', 'analogue', 'alarm', 'relay'] as const;
export type ProductOutput = (typeof productOutputs)[number];

/** Pulse output or what is fixed of it. */
export interface PulseOutput {
  /** Energy of one pulse; several values where it can be set. */
  readonly weights_wh: readonly number[];
  readonly durations_ms: readonly number[];
  readonly terminals: string;
  readonly voltage_v_max: number;
  readonly current_ma_max: number;
  readonly counts: readonly ('active' | 'reactive')[];
}

/** A catalogue number of the guide: what can be bought, fitted and chosen. */
export interface Product {
  readonly catalogueNumber: string;
  readonly kind: ProductKind;
  readonly title: string;
  /** Section and page of the guide. */
  readonly source: string;
  readonly network?: 'single' | 'three';
  readonly connection?: 'direct' | 'transformer';
  /** Direct connection: the largest current; through transformers: their secondary current. */
  readonly current_a_max?: number;
  /** Width on the rail in modules of 17.5 mm. */
  readonly modules?: number;
  readonly mounting?: 'rail' | 'door' | 'plate' | 'factory';
  readonly quantities: readonly Quantity[];
  readonly outputs: readonly ProductOutput[];
  readonly pulse?: PulseOutput;
  readonly isMid?: boolean;
  readonly class_active?: number;
  readonly class_reactive?: number;
  readonly communication?: Communication;
  /** Register maps that may serve it, best first; none where it has no Modbus of its own. */
  readonly profileIds: readonly string[];
  /** Other catalogue numbers that it cannot do without. */
  readonly needs?: readonly string[];
  /** Most devices, addresses or inputs that it serves. */
  readonly capacity?: number;
  /** Where the guide contradicts itself or a reading of it is ours; what must be checked on the device. */
  readonly cautions?: readonly string[];
}

/** Catalogue numbers are compared without spaces: `0 046 77`, `004677`, `0046 77` are one. */
export const bareNumber = (catalogueNumber: string): string => catalogueNumber.replace(/\s/g, '');
