import { controlInterfaceCommunication, controlUnitCommunication } from '../communication.ts';
import type { DeviceProfile, MeasurandChoice, Point } from '../profile.ts';

/** What hangs on a digital input: content of its use register. */
export const contactUses = { none: 0, position: 1 } as const;

const told: MeasurandChoice = { from: 'input_use', choices: { [contactUses.position]: 'breaker_position' } };

/** A digital input is a meter of its own: a contact that says open (0) or closed (1). */
const digitalInput = (input: number, base: number): Point[] => [
  {
    key: 'contact',
    input,
    address: base + input - 1,
    type: 'u16',
    notAvailable: [0xffff],
    range: { min: 0, max: 1 },
    measurand: told,
  },
  {
    key: 'input_use',
    input,
    address: base + 0x20 + input - 1,
    type: 'u16',
    writable: true,
    allowed: Object.values(contactUses),
    initial: contactUses.position,
  },
];

/** A relay: what was ordered, what its contact shows, how it works. */
const relay = (number: number, base: number): Point[] => {
  const at = base + 8 * (number - 1);
  return [
    { key: `relay_${number}`, address: at, type: 'u16', writable: true, allowed: [0, 1], initial: 0 },
    { key: `relay_${number}_state`, address: at + 1, type: 'u16', initial: 0 },
    { key: `relay_${number}_normally_closed`, address: at + 2, type: 'u16', writable: true, allowed: [0, 1] },
    {
      key: `relay_${number}_timed_s`,
      address: at + 3,
      type: 'u16',
      scale: { divide: 10 },
      writable: true,
      range: { min: 0, max: 3600 },
    },
    {
      key: `relay_${number}_flash_hz`,
      address: at + 4,
      type: 'u16',
      scale: { divide: 10 },
      writable: true,
      range: { min: 0, max: 5 },
    },
  ];
};

/** An analogue input 4–20 mA: its current, and the threshold of its alarm. */
const analogueInput = (number: number): Point[] => [
  {
    key: `analogue_${number}_ma`,
    address: 0x0180 + 2 * (number - 1),
    type: 'u16',
    scale: { divide: 1000 },
    // Below 3.6 mA the loop is broken.
    notAvailable: [0xffff],
  },
  {
    key: `analogue_${number}_threshold_ma`,
    address: 0x0181 + 2 * (number - 1),
    type: 'u16',
    scale: { divide: 1000 },
    writable: true,
    range: { min: 4, max: 20 },
  },
];

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const own = {
  maker: 'Legrand',
  trust: 'documented',
  verified: false,
  notice: 'Our layout, not seen on hardware.',
  functionCode: 3,
} as const;

/** Control and signalling interface: 24 inputs, 4 analogue inputs, 6 relays. */
export const controlInterface: DeviceProfile = {
  ...own,
  id: 'control-interface',
  models: ['0 261 36'],
  title: 'Control and signalling interface, 24 inputs, 4 analogue, 6 relays',
  source: 'Functions as in the guide p. 72–75; no register table is published',
  limits: { maxWords: 96, minimumGap_ms: 20, unreadable: [] },
  communication: controlInterfaceCommunication,
  identity: { point: 'device_id', equals: 0x36 },
  points: [
    { key: 'device_id', address: 0x00ff, type: 'u16', initial: 0x36 },
    ...numbers(24).flatMap((n) => digitalInput(n, 0x0100)),
    ...numbers(4).flatMap(analogueInput),
    ...numbers(6).flatMap((n) => relay(n, 0x01a0)),
  ],
};

/** Module 4 120 57 of a control unit: 2 inputs, 2 outputs. */
export const controlUnitIo: DeviceProfile = {
  ...own,
  id: 'control-unit-io',
  models: ['4 120 57'],
  title: 'Control unit module, 2 inputs and 2 outputs',
  source: 'Functions as in the guide p. 36; no register table of the module is published',
  limits: { maxWords: 32, minimumGap_ms: 20, unreadable: [] },
  communication: controlUnitCommunication,
  identity: { point: 'device_id', equals: 0x57 },
  points: [
    { key: 'device_id', address: 0x02ff, type: 'u16', initial: 0x57 },
    ...numbers(2).flatMap((n) => digitalInput(n, 0x0300)),
    ...numbers(2).flatMap((n) => relay(n, 0x0340)),
  ],
};
