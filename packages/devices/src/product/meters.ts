import { meterCommunication } from '../communication.ts';
import type { Product, PulseOutput, Quantity } from './product.ts';

const source = 'guide p. 28–33, electricity meters';
const programmable = { weights_wh: [1, 10, 100, 1000], durations_ms: [50, 100, 150, 200, 300, 400, 500] };
const s0 = { terminals: '15–29', voltage_v_max: 115, current_ma_max: 50 };
const activePulse: PulseOutput = { ...programmable, ...s0, counts: ['active'] };
const bothPulses: PulseOutput = { ...programmable, ...s0, counts: ['active', 'reactive'] };

const single: readonly Quantity[] = ['activeEnergy', 'activePower', 'currents', 'voltages'];
const small: readonly Quantity[] = [...single, 'reactivePower', 'apparentPower', 'powerFactor'];
const partial: readonly Quantity[] = ['activeEnergyPartial'];
const timed: readonly Quantity[] = ['frequency', 'powerFactor', 'operatingTime'];
const three: readonly Quantity[] = [
  'activeEnergy',
  'reactiveEnergy',
  'activePower',
  'reactivePower',
  'apparentPower',
  'currents',
  'voltages',
  'frequency',
  'powerFactor',
  'powerAverage',
  'powerAverageMax',
];
const partials: readonly Quantity[] = ['activeEnergyPartial', 'reactiveEnergyPartial'];

/** The guide's table has lost cells; outputs and MID follow its counts of dots and the example of 0 046 77. */
const damaged = 'The printed table has lost cells: quantities and outputs are our reading of it.';
const alsoPulse = 'The text lists it as a source of pulses, the table as an RS485 meter.';
const auxiliary = 'MID with transformers: needs an auxiliary supply.';

type Row = Pick<Product, 'catalogueNumber' | 'quantities'> &
  Partial<Pick<Product, 'isMid' | 'cautions' | 'pulse' | 'current_a_max' | 'modules' | 'profileIds'>>;

const meter = (row: Row, fixed: Pick<Product, 'network' | 'connection'>): Product => {
  const isPulse = row.pulse !== undefined;
  return {
    kind: 'meter',
    title: `${fixed.network === 'single' ? 'Single-phase' : 'Three-phase'} meter, ${
      fixed.connection === 'direct' ? `direct ${row.current_a_max ?? 63} A` : 'transformer /5 A'
    }, ${isPulse ? 'pulse' : 'RS485'}${row.isMid ? ', MID' : ''}`,
    source,
    mounting: 'rail',
    current_a_max: fixed.connection === 'direct' ? 63 : 5,
    modules: fixed.network === 'single' ? 2 : 4,
    outputs: [isPulse ? 'pulse' : 'rs485'],
    ...(isPulse ? {} : { communication: meterCommunication }),
    class_active: 1,
    class_reactive: 2,
    isMid: false,
    profileIds: [],
    ...fixed,
    ...row,
  };
};

const singlePhase = (row: Row): Product => meter(row, { network: 'single', connection: 'direct' });
const threePhase = (row: Row): Product => meter(row, { network: 'three', connection: 'direct' });
const transformed = (row: Row): Product => meter(row, { network: 'three', connection: 'transformer' });

export const meters: readonly Product[] = [
  singlePhase({
    catalogueNumber: '4 120 68',
    quantities: small,
    current_a_max: 45,
    modules: 1,
    pulse: activePulse,
    cautions: [
      damaged,
      'Its pulse terminals and weights are not in the text: those of the family are shown.',
    ],
  }),
  singlePhase({
    catalogueNumber: '4 120 69',
    quantities: small,
    current_a_max: 45,
    modules: 1,
    isMid: true,
    profileIds: ['emdx3-meter'],
    cautions: [damaged],
  }),
  singlePhase({
    catalogueNumber: '0 046 70',
    quantities: ['activeEnergy'],
    current_a_max: 32,
    modules: 1,
    pulse: {
      weights_wh: [0.5],
      durations_ms: [40],
      terminals: '4–6',
      voltage_v_max: 27,
      current_ma_max: 27,
      counts: ['active'],
    },
  }),
  singlePhase({
    catalogueNumber: '0 046 81',
    quantities: ['activeEnergy', ...partial],
    current_a_max: 36,
    // The row "number of modules" gives 1; the row reads as shifted by one column.
    modules: 2,
    pulse: { ...s0, weights_wh: [10], durations_ms: [100], terminals: '4–6', counts: ['active'] },
    cautions: ['The table prints 1 module, our reading of the row is 2.'],
  }),
  singlePhase({
    catalogueNumber: '0 046 72',
    quantities: [...single, ...partial, ...timed],
    pulse: activePulse,
  }),
  singlePhase({
    catalogueNumber: '0 046 77',
    quantities: [...single, ...partial, ...timed],
    profileIds: ['ime-conto-d2'],
    cautions: [damaged, alsoPulse],
  }),
  singlePhase({
    catalogueNumber: '0 046 78',
    quantities: [...single, ...partial],
    isMid: true,
    pulse: activePulse,
    cautions: [damaged],
  }),
  singlePhase({
    catalogueNumber: '0 046 79',
    quantities: [...single, ...partial],
    isMid: true,
    profileIds: ['ime-conto-d2'],
    cautions: [damaged, alsoPulse, 'The map of 0 046 77 is assumed for it and not confirmed.'],
  }),
  threePhase({ catalogueNumber: '0 046 73', quantities: [...three, 'tariffs'], pulse: bothPulses }),
  threePhase({
    catalogueNumber: '0 046 80',
    quantities: [...three, ...partials],
    profileIds: ['ime-nemo-96hd', 'emdx3-meter'],
    cautions: [alsoPulse, 'The 1000h map is assumed by family and not confirmed.'],
  }),
  threePhase({
    catalogueNumber: '0 046 82',
    quantities: [...three, ...partials],
    isMid: true,
    pulse: bothPulses,
    cautions: [damaged],
  }),
  threePhase({
    catalogueNumber: '0 046 83',
    quantities: [...three, ...partials],
    isMid: true,
    profileIds: ['emdx3-meter'],
    cautions: [damaged],
  }),
  transformed({ catalogueNumber: '0 046 74', quantities: [...three, ...partials], pulse: bothPulses }),
  transformed({
    catalogueNumber: '0 046 84',
    quantities: [...three, ...partials],
    profileIds: ['ime-nemo-96hd', 'emdx3-meter'],
    cautions: [alsoPulse, 'The 1000h map is assumed by family and not confirmed.'],
  }),
  transformed({
    catalogueNumber: '0 046 85',
    quantities: three,
    isMid: true,
    pulse: activePulse,
    cautions: [auxiliary],
  }),
  transformed({
    catalogueNumber: '0 046 86',
    quantities: three,
    isMid: true,
    profileIds: ['emdx3-meter'],
    cautions: [alsoPulse, auxiliary],
  }),
];
