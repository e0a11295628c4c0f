export const serialModes = ['rtu', 'ascii'] as const;
export type SerialMode = (typeof serialModes)[number];
export const parities = ['none', 'even', 'odd'] as const;
export type Parity = (typeof parities)[number];
/** Baud rates of the guide's devices, all of them. */
export const baudRates = [1200, 2400, 4800, 9600, 19_200, 38_400] as const;
/** Longest stretch of RS485 without a repeater. */
export const segmentLimit = { devices: 32, length_m: 1000 } as const;
/** Addresses that Modbus gives to devices; some makers also let 248 to 255 be set. */
export const modbusAddresses = { min: 1, max: 247 } as const;

/** How a device can be set to talk. */
export interface Communication {
  readonly modes: readonly SerialMode[];
  readonly bauds: readonly number[];
  readonly parities: readonly Parity[];
  readonly stopBits: readonly (1 | 2)[];
  readonly addresses: { readonly min: number; readonly max: number };
  /** Longest time from the end of a request to the beginning of its answer, as the maker states it. */
  readonly turnaround_ms?: number;
  /** Shortest pause between two transmissions, as the maker states it. */
  readonly gap_ms?: number;
  /** As delivered, where that is known. */
  readonly delivered?: {
    readonly address?: number;
    readonly baud?: number;
    readonly mode?: SerialMode;
    readonly parity?: Parity;
  };
  /** Section of the guide. */
  readonly source: string;
}

const anyParity = parities;
const oneStopBit = [1] as const;

/** Meters: response below 200 ms. */
export const meterCommunication: Communication = {
  modes: ['rtu'],
  bauds: [2400, 4800, 9600, 19_200],
  parities: anyParity,
  stopBits: oneStopBit,
  addresses: { min: 1, max: 247 },
  turnaround_ms: 200,
  source: 'guide p. 32, meters with Modbus output',
};

export const controlUnitCommunication: Communication = {
  modes: ['rtu'],
  bauds: [4800, 9600, 19_200, 38_400],
  parities: anyParity,
  stopBits: oneStopBit,
  addresses: { min: 1, max: 255 },
  source: 'guide p. 40, Modbus output of control units',
};

/** The guide names no stop bit for the concentrator; one is its general choice. */
export const concentratorCommunication: Communication = {
  modes: ['rtu'],
  bauds: [9600, 19_200],
  parities: anyParity,
  stopBits: oneStopBit,
  addresses: { min: 1, max: 255 },
  source: 'guide p. 50, concentrator',
};

/** The screen of an MP6 shows address 1, 9600, ASCII, even: it may arrive set like this. */
export const dmx3Communication: Communication = {
  modes: ['rtu', 'ascii'],
  bauds: [2400, 4800, 9600, 19_200, 38_400],
  parities: anyParity,
  stopBits: oneStopBit,
  addresses: { min: 1, max: 247 },
  gap_ms: 50,
  delivered: { address: 1, baud: 9600, mode: 'ascii', parity: 'even' },
  source: 'guide p. 58, Modbus parameters of DMX³',
};

/** 4 210 75: the values of its configurators stand in a data sheet that is not in the guide. */
export const breakerInterfaceCommunication: Communication = {
  modes: ['rtu', 'ascii'],
  bauds: [1200, 2400, 4800, 9600, 19_200, 38_400],
  parities: anyParity,
  stopBits: [1, 2],
  addresses: { min: 1, max: 247 },
  source: 'guide p. 71, configurators A1–A3, M, B; rates as for 0 261 36, not stated for this device',
};

export const controlInterfaceCommunication: Communication = {
  modes: ['rtu', 'ascii'],
  bauds: [1200, 2400, 4800, 9600, 19_200, 38_400],
  parities: anyParity,
  stopBits: [1, 2],
  addresses: { min: 1, max: 247 },
  source: 'guide p. 75, parameters of 0 261 36',
};

/** 0 046 89: both modes; its own time-out of the RS485 side is 1000 ms. */
export const converterCommunication: Communication = {
  modes: ['rtu', 'ascii'],
  bauds: baudRates,
  parities: anyParity,
  stopBits: [1, 2],
  addresses: modbusAddresses,
  delivered: { baud: 19_200, mode: 'rtu', parity: 'none' },
  source: 'guide p. 76–79; the rates are those of the Modbus chapter, the screen shows 19 200',
};
