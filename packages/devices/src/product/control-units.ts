import { controlUnitCommunication } from '../communication.ts';
import type { Product, PulseOutput, Quantity } from './product.ts';

const source = 'guide p. 34–41, measurement control units';
const measured: readonly Quantity[] = [
  'activeEnergy',
  'reactiveEnergy',
  'activeEnergyPartial',
  'reactiveEnergyPartial',
  'activePower',
  'reactivePower',
  'apparentPower',
  'currents',
  'neutralCurrent',
  'voltages',
  'frequency',
  'powerFactor',
  'operatingTime',
  'powerAverage',
  'powerAverageMax',
  'currentAverageMax',
  'voltageMinMax',
];
const pulse: PulseOutput = {
  weights_wh: [10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000],
  durations_ms: [50, 100, 200, 300, 400, 500],
  terminals: 'S0',
  voltage_v_max: 27,
  current_ma_max: 50,
  counts: ['active', 'reactive'],
};
const unit = {
  kind: 'controlUnit',
  source,
  network: 'three',
  connection: 'transformer',
  current_a_max: 5,
  class_active: 0.5,
  class_reactive: 2,
} as const;
const byFamily =
  'The 1000h map is documented for 4 120 45; for this unit it is assumed by family and not confirmed.';

export const controlUnits: readonly Product[] = [
  {
    ...unit,
    catalogueNumber: '4 120 51',
    title: 'Modular control unit',
    mounting: 'rail',
    modules: 4,
    quantities: [...measured, 'thd', 'harmonics', 'tariffs'],
    outputs: ['rs485', 'pulse', 'alarm'],
    pulse,
    communication: controlUnitCommunication,
    profileIds: ['ime-nemo-96hd', 'socomec-jbus', 'control-unit-modules'],
    cautions: [
      byFamily,
      'Harmonics: 9 on the display, 25 over RS485. Up to 4 tariffs on terminals 23, 24, 25.',
    ],
  },
  {
    ...unit,
    catalogueNumber: '4 120 52',
    title: 'Control unit ACCESS, on door',
    mounting: 'door',
    quantities: [...measured, 'thd', 'harmonics'],
    outputs: ['rs485', 'pulse'],
    pulse,
    communication: controlUnitCommunication,
    profileIds: ['ime-nemo-96hd', 'socomec-jbus'],
    cautions: [byFamily, 'Harmonics: 9 on the display, 25 over RS485.'],
  },
  {
    ...unit,
    catalogueNumber: '4 120 53',
    title: 'Control unit PREMIUM, on door, takes option modules',
    mounting: 'door',
    quantities: measured,
    outputs: [],
    communication: controlUnitCommunication,
    profileIds: ['ime-nemo-96hd', 'socomec-jbus', 'control-unit-modules', 'control-unit-memory'],
    capacity: 4,
    cautions: [
      byFamily,
      'RS485 only with 4 120 55 or 4 120 56; THD and harmonics only with 4 120 61 besides one of them.',
    ],
  },
];

/** Slots at the back of 4 120 53. */
export const moduleSlots = ['A', 'B', 'C', 'D'] as const;
export type ModuleSlot = (typeof moduleSlots)[number];

export interface OptionModule extends Product {
  readonly kind: 'module';
  readonly slots: readonly ModuleSlot[];
  /** Most of them on one unit. */
  readonly count_max: number;
}

const option = (
  catalogueNumber: string,
  title: string,
  fitted: Pick<OptionModule, 'slots' | 'count_max'> & Partial<Omit<Product, 'kind'>>,
): OptionModule => ({
  catalogueNumber,
  kind: 'module',
  title,
  source: 'guide p. 35–37, function modules of control units',
  quantities: [],
  outputs: [],
  profileIds: [],
  needs: ['4 120 53'],
  ...fitted,
});

export const optionModules: readonly OptionModule[] = [
  option('4 120 55', 'RS485 module', {
    slots: ['A'],
    count_max: 1,
    outputs: ['rs485'],
    communication: controlUnitCommunication,
  }),
  option('4 120 56', 'RS485 module with memory', {
    slots: ['A'],
    count_max: 1,
    outputs: ['rs485'],
    communication: controlUnitCommunication,
    profileIds: ['control-unit-memory'],
    cautions: ['How its memory is read is not published: our layout, not seen on hardware.'],
  }),
  option('4 120 57', '2 inputs and 2 outputs', {
    slots: ['C', 'D'],
    count_max: 2,
    quantities: ['digitalInputs', 'outputs'],
    outputs: ['relay'],
    profileIds: ['control-unit-io'],
  }),
  option('4 120 58', '2 × PT100', {
    slots: ['D'],
    count_max: 1,
    quantities: ['temperature'],
    profileIds: ['control-unit-pt100'],
  }),
  option('4 120 59', '2 pulse or alarm outputs', {
    slots: ['A', 'B', 'C', 'D'],
    count_max: 2,
    outputs: ['pulse', 'alarm'],
    pulse,
  }),
  option('4 120 60', '2 × 0/4–20 mA outputs', { slots: ['C', 'D'], count_max: 2, outputs: ['analogue'] }),
  option('4 120 61', 'Harmonic analyser', { slots: ['B'], count_max: 1, quantities: ['thd', 'harmonics'] }),
];

/** The module that keeps what a unit counted. */
export const memoryModule = '4 120 56';

export interface FittedModule {
  readonly slot: ModuleSlot;
  readonly catalogueNumber: string;
}
export interface ModuleFinding {
  readonly code:
    | 'takesNoModules'
    | 'unknownModule'
    | 'wrongSlot'
    | 'slotTwice'
    | 'tooMany'
    | 'bothRs485'
    | 'noRs485'
    | 'harmonicsNeedRs485';
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What the message says, for other languages. */
  readonly data: Readonly<Record<string, number | string>>;
  readonly slot?: ModuleSlot;
}

/**
 * Whether these modules can be fitted to a control unit, by the guide's table of positions (p. 37): slot, largest
 * number, one RS485 module only, harmonics over RS485 only. Only 4 120 53 takes modules at all.
 */
export function checkModules(unitNumber: string, fitted: readonly FittedModule[]): ModuleFinding[] {
  const findings: ModuleFinding[] = [];
  if (unitNumber !== '4 120 53') {
    if (fitted.length > 0)
      findings.push({
        code: 'takesNoModules',
        severity: 'error',
        message: `${unitNumber} takes no modules; only 4 120 53 does`,
        data: { unit: unitNumber },
      });
    return findings;
  }
  for (const { slot, catalogueNumber } of fitted) {
    const module = optionModules.find((m) => m.catalogueNumber === catalogueNumber);
    if (!module)
      findings.push({
        code: 'unknownModule',
        severity: 'error',
        slot,
        message: `${catalogueNumber} is no module of 4 120 53`,
        data: { module: catalogueNumber },
      });
    else if (!module.slots.includes(slot))
      findings.push({
        code: 'wrongSlot',
        severity: 'error',
        slot,
        message: `${catalogueNumber} does not fit slot ${slot}; it fits ${module.slots.join(', ')}`,
        data: { module: catalogueNumber, slot, slots: module.slots.join(', ') },
      });
  }
  for (const slot of moduleSlots)
    if (fitted.filter((f) => f.slot === slot).length > 1)
      findings.push({
        code: 'slotTwice',
        severity: 'error',
        slot,
        message: `slot ${slot} is taken twice`,
        data: { slot },
      });
  const count = (number: string): number => fitted.filter((f) => f.catalogueNumber === number).length;
  for (const { catalogueNumber, count_max } of optionModules)
    if (count(catalogueNumber) > count_max)
      findings.push({
        code: 'tooMany',
        severity: 'error',
        message: `at most ${count_max} × ${catalogueNumber}, not ${count(catalogueNumber)}`,
        data: { module: catalogueNumber, most: count_max, count: count(catalogueNumber) },
      });
  const rs485 = count('4 120 55') + count('4 120 56');
  if (count('4 120 55') > 0 && count('4 120 56') > 0)
    findings.push({
      code: 'bothRs485',
      severity: 'error',
      message: '4 120 55 and 4 120 56 exclude each other: both carry RS485 in slot A',
      data: {},
    });
  if (rs485 === 0)
    findings.push({
      code: count('4 120 61') > 0 ? 'harmonicsNeedRs485' : 'noRs485',
      severity: count('4 120 61') > 0 ? 'error' : 'warning',
      message:
        count('4 120 61') > 0
          ? '4 120 61 gives THD and harmonics only besides 4 120 55 or 4 120 56 in slot A'
          : 'without 4 120 55 or 4 120 56 in slot A the unit cannot be read over Modbus',
      data: {},
    });
  return findings;
}
