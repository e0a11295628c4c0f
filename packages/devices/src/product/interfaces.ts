import {
  breakerInterfaceCommunication,
  concentratorCommunication,
  controlInterfaceCommunication,
  converterCommunication,
  dmx3Communication,
} from '../communication.ts';
import type { Product, Quantity } from './product.ts';

const breaker: readonly Quantity[] = ['currents', 'position', 'lastTrip'];
const measuring: readonly Quantity[] = [
  ...breaker,
  'voltages',
  'activePower',
  'reactivePower',
  'frequency',
  'powerFactor',
  'activeEnergy',
  'reactiveEnergy',
  'thd',
];

const protectionUnit = (number: string, withMeasurement: boolean): Product => ({
  catalogueNumber: number,
  kind: 'protectionUnit',
  title: `DMX³ protection unit${withMeasurement ? ' with measurement' : ''}`,
  source: 'guide p. 57, protection units of DMX³',
  mounting: 'factory',
  quantities: withMeasurement ? [...measuring, 'apparentPower'] : breaker,
  outputs: ['rs485'],
  communication: dmx3Communication,
  profileIds: [withMeasurement ? 'breaker-measuring' : 'breaker-dpx3'],
  needs: ['0 288 05', '0 288 06'],
  cautions: ['May arrive set to ASCII, even, 9600, address 1.'],
});

const dpx3 = (frame: string, withMeasurement: boolean, title = `Electronic ${frame}`): Product => ({
  catalogueNumber: `${frame}${withMeasurement ? ' measurement' : title.includes('RCD') ? ' RCD' : ''}`,
  kind: 'breaker',
  title: `${title}${withMeasurement ? ' with measurement' : ''}`,
  source: 'guide p. 60–61, electronic DPX³',
  quantities: withMeasurement ? measuring : breaker,
  outputs: ['rs485'],
  communication: breakerInterfaceCommunication,
  profileIds: [withMeasurement ? 'breaker-measuring' : 'breaker-dpx3'],
  needs: ['4 210 75'],
  ...(frame === 'DPX³ 250'
    ? { cautions: ['The oldest versions of DPX³ 160 and 250 cannot be connected to Modbus.'] }
    : {}),
});

const addOn = (catalogueNumber: string, current_a_max: number, withMeasurement: boolean): Product => ({
  catalogueNumber,
  kind: 'addOnModule',
  title: `DX³ add-on module ${current_a_max} A, ${withMeasurement ? 'measurement' : 'metering'}`,
  source: 'guide p. 64–65, add-on modules for DX³',
  network: 'three',
  connection: 'direct',
  current_a_max,
  modules: 7.5,
  mounting: 'rail',
  quantities: [
    'currents',
    'neutralCurrent',
    'residualCurrent',
    'activePower',
    'activeEnergy',
    'lastTrip',
    ...(withMeasurement
      ? (['voltages', 'frequency', 'reactivePower', 'powerFactor', 'reactiveEnergy', 'thd'] as const)
      : []),
  ],
  outputs: ['rs485'],
  communication: breakerInterfaceCommunication,
  profileIds: [withMeasurement ? 'dx3-add-on-measuring' : 'dx3-add-on-metering'],
  needs: ['4 210 75'],
});

export const breakers: readonly Product[] = [
  protectionUnit('0 288 00', false),
  protectionUnit('0 288 01', false),
  protectionUnit('0 288 02', false),
  protectionUnit('0 288 03', true),
  protectionUnit('0 288 04', true),
  dpx3('DPX³ 250', false),
  dpx3('DPX³ 250', false, 'Electronic DPX³ 250 with RCD'),
  dpx3('DPX³ 250', true),
  dpx3('DPX³ 630', false),
  dpx3('DPX³ 630', true),
  dpx3('DPX³ 1600', false),
  dpx3('DPX³ 1600', true),
  addOn('4 106 57', 63, false),
  addOn('4 106 58', 125, false),
  addOn('4 106 59', 125, true),
];

const plain = { quantities: [], outputs: [], profileIds: [] } as const;

export const interfaces: readonly Product[] = [
  {
    catalogueNumber: '4 120 65',
    kind: 'concentrator',
    title: 'Pulse concentrator, 12 inputs',
    source: 'guide p. 48–51, concentrator',
    modules: 4,
    mounting: 'rail',
    quantities: ['pulses'],
    outputs: ['rs485'],
    communication: concentratorCommunication,
    profileIds: ['legrand-concentrator'],
    capacity: 12,
    cautions: ['At most 1000 m to each meter, at least 1 mm².'],
  },
  {
    catalogueNumber: '4 120 00',
    kind: 'ecometer',
    title: 'Ecometer: 5 transformer inputs, 2 pulse inputs, 1 tariff input',
    source: 'guide p. 52–55, ecometer',
    modules: 6,
    mounting: 'rail',
    quantities: ['activeEnergy', 'activePower', 'pulses', 'tariffs'],
    outputs: ['ethernet'],
    profileIds: [],
    capacity: 5,
    cautions: ['No Modbus: web pages and exported files. At most 90 A through its toroids, 2 per input.'],
  },
  {
    ...plain,
    catalogueNumber: '4 120 10',
    kind: 'ecometer',
    title: 'Kit: 4 120 00 and three 4 120 02',
    source: 'guide p. 53, ecometer',
  },
  {
    ...plain,
    catalogueNumber: '4 120 02',
    kind: 'accessory',
    title: 'Open toroid of the ecometer, 90 A',
    source: 'guide p. 53, ecometer',
    current_a_max: 90,
    needs: ['4 120 00'],
  },
  {
    ...plain,
    catalogueNumber: '0 035 56',
    kind: 'accessory',
    title: 'Closed toroid of the ecometer, 90 A',
    source: 'guide p. 53, ecometer',
    current_a_max: 90,
    needs: ['4 120 00'],
  },
  {
    ...plain,
    catalogueNumber: '0 288 05',
    kind: 'accessory',
    title: 'Communication option of DMX³',
    source: 'guide p. 56, DMX³',
    mounting: 'factory',
    needs: ['0 288 06'],
    cautions: ['Printed once as 0 228 05.'],
  },
  {
    ...plain,
    catalogueNumber: '0 288 06',
    kind: 'accessory',
    title: 'Supply of the communication option, 24 V',
    source: 'guide p. 56, DMX³',
    capacity: 4,
    cautions: ['One MP6 or up to four MP4, never both kinds.'],
  },
  {
    ...plain,
    catalogueNumber: '1 466 23',
    kind: 'accessory',
    title: '24 V supply with double insulation',
    source: 'guide p. 56, 68, 72',
  },
  {
    catalogueNumber: '4 210 75',
    kind: 'interface',
    title: 'RS485 interface of DPX³ and of DX³ add-on modules',
    source: 'guide p. 68–71, interface 4 210 75',
    quantities: ['position', 'lastTrip'],
    outputs: ['rs485', 'relay'],
    communication: breakerInterfaceCommunication,
    profileIds: ['breaker-dpx3', 'breaker-measuring', 'dx3-add-on-metering', 'dx3-add-on-measuring'],
    capacity: 1,
    cautions: [
      'Contact closed = tripped (220 V, 0.2 A). 24 V, 90 mA. Cable 0.70 m. Configurators A1–A3, M, B.',
    ],
  },
  {
    catalogueNumber: '0 261 36',
    kind: 'interface',
    title: 'Control and signalling interface: 24 inputs, 4 analogue inputs, 6 relays',
    source: 'guide p. 72–75, interface 0 261 36',
    quantities: ['digitalInputs', 'analogueInputs', 'outputs'],
    outputs: ['rs485', 'relay'],
    communication: controlInterfaceCommunication,
    profileIds: ['control-interface'],
    capacity: 24,
    cautions: ['24 V, 3 W. Relays 230 V, 2 A, commons of 4 and 2.'],
  },
  {
    catalogueNumber: '0 046 89',
    kind: 'interface',
    title: 'RS485/IP converter',
    source: 'guide p. 76–79, RS485/IP interface',
    modules: 3,
    mounting: 'rail',
    quantities: [],
    outputs: ['ethernet', 'rs485'],
    communication: converterCommunication,
    profileIds: [],
    capacity: 32,
    cautions: [
      'Delivered with 192.168.1.100, customer, 0000: change them.',
      'It states 1200 m of bus; the Modbus chapter says 1000 m: we warn from 1000 m.',
      'Waits 1000 ms for an answer, closes a socket after 10 min of silence.',
    ],
  },
  {
    ...plain,
    catalogueNumber: '0 261 56',
    kind: 'display',
    title: 'Touch screen',
    source: 'guide p. 82–89',
    mounting: 'door',
    capacity: 8,
  },
  ...(
    [
      ['0 261 78', 'Energy web server', 32],
      ['0 261 79', 'Energy web server', 255],
      ['0 261 88', 'Measurement software', 32],
      ['0 261 89', 'Measurement software', 255],
    ] as const
  ).map(
    ([catalogueNumber, name, capacity]): Product => ({
      ...plain,
      catalogueNumber,
      kind: 'server',
      title: `${name}, ${capacity} addresses or pulse meters`,
      source: 'guide p. 90–97',
      capacity,
      cautions: ['This software takes its place; nothing is read from it.'],
    }),
  ),
];

export interface SupplyFinding {
  readonly code: 'mixedUnits' | 'tooManyUnits';
  readonly message: string;
  /** What the message says, for other languages. */
  readonly data: Readonly<Record<string, number | string>>;
}

/** Which DMX³ protection units one supply 0 288 06 may feed: one MP6, or up to four MP4, never both (guide p. 56). */
export function checkSupply(fed: { readonly mp4: number; readonly mp6: number }): SupplyFinding[] {
  const findings: SupplyFinding[] = [];
  if (fed.mp4 > 0 && fed.mp6 > 0)
    findings.push({
      code: 'mixedUnits',
      message: 'one supply 0 288 06 cannot feed MP4 and MP6 units together',
      data: {},
    });
  if (fed.mp6 > 1)
    findings.push({
      code: 'tooManyUnits',
      message: `one supply 0 288 06 feeds one MP6, not ${fed.mp6}`,
      data: { unit: 'MP6', most: 1, count: fed.mp6 },
    });
  if (fed.mp4 > 4)
    findings.push({
      code: 'tooManyUnits',
      message: `one supply 0 288 06 feeds four MP4, not ${fed.mp4}`,
      data: { unit: 'MP4', most: 4, count: fed.mp4 },
    });
  return findings;
}
