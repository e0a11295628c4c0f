import { controlUnitCommunication } from '../communication.ts';
import type { DeviceProfile, MeasurandChoice, Point } from '../profile.ts';

/** Where a sensor hangs: content of its placement register. */
export const sensorPlacements = { indoors: 0, outdoors: 1 } as const;

const measured: MeasurandChoice = {
  from: 'placement',
  choices: {
    [sensorPlacements.indoors]: 'temperature_c',
    [sensorPlacements.outdoors]: 'outdoor_temperature_c',
  },
};

const inputPoints = (input: number): Point[] => [
  {
    key: 'temperature',
    input,
    address: 0x0200 + input - 1,
    type: 's16',
    scale: { divide: 10 },
    // An open sensor.
    notAvailable: [0x8000],
    range: { min: -60, max: 400 },
    measurand: measured,
  },
  { key: 'placement', input, address: 0x0202 + input - 1, type: 'u16', initial: sensorPlacements.indoors },
];

/** Control unit with the temperature module 4 120 58: two PT100 inputs, each a meter of its own. */
export const controlUnitPt100: DeviceProfile = {
  id: 'control-unit-pt100',
  maker: 'Legrand',
  models: ['4 120 58'],
  title: 'Control unit module, 2 × PT100',
  source: 'Functions as in the guide; no register table of the module is published',
  trust: 'documented',
  verified: false,
  notice: 'Our layout, not seen on hardware.',
  functionCode: 3,
  communication: controlUnitCommunication,
  limits: { maxWords: 32, minimumGap_ms: 20, unreadable: [] },
  identity: { point: 'device_id', equals: 0x58 },
  points: [
    { key: 'device_id', address: 0x0204, type: 'u16', initial: 0x58 },
    ...inputPoints(1),
    ...inputPoints(2),
  ],
};
