import type { MeasurandName, TrustRung } from '@wattproof/energy';
import type { Communication } from './communication.ts';
import type { RateGroup } from './rate-group.ts';
import type { RegisterType, WordOrder } from './register.ts';

/**
 * A device profile: how one family of Modbus devices lays out its registers, as plain data.
 * Decoding, encoding and request planning are functions over it (`decode.ts`, `encode.ts`, `plan.ts`).
 */
export interface DeviceProfile {
  readonly id: string;
  readonly maker: string;
  /** Catalogue numbers that this layout serves. */
  readonly models: readonly string[];
  readonly title: string;
  /** Where the layout comes from. */
  readonly source: string;
  readonly trust: TrustRung;
  /** True only where real hardware has answered with this layout. */
  readonly verified: boolean;
  /** What a person must be told before relying on it. */
  readonly notice?: string;
  readonly functionCode: 3 | 4;
  readonly limits: ProfileLimits;
  /** How the devices can be set to talk; undefined where nothing is known. */
  readonly communication?: Communication;
  /** A constant of the device: tells it apart when it is looked for, and exposes replies of another request. */
  readonly identity?: { readonly point: string; readonly equals?: number };
  /** The register whose bits, written 1, set counters back to 0. */
  readonly resets?: { readonly address: number; readonly bits: Readonly<Record<number, MeasurandName>> };
  readonly points: readonly Point[];
  /** Records that the device keeps by itself; undefined where it has no memory. */
  readonly memory?: ProfileMemory;
}

/** A register of a memory; of a record it counts from the record's first word. */
export interface MemoryRegister {
  readonly address: number;
  readonly type: RegisterType;
}

/**
 * How a device keeps what its counters showed at the end of every interval: a head and a ring of records. Record n stands
 * at `address + words × ((n − 1) mod capacity)`. Instants are seconds since 1970 by the device's own clock, in UTC.
 */
export interface ProfileMemory {
  readonly head: {
    readonly interval_s: MemoryRegister;
    /** Number of the newest record: the first is 1, 0 says that there is none. */
    readonly newest: MemoryRegister;
    /** When the newest record ended. */
    readonly newestEnd_s: MemoryRegister;
    readonly clock_s: MemoryRegister;
  };
  readonly records: { readonly address: number; readonly words: number; readonly capacity: number };
  readonly record: {
    readonly end_s: MemoryRegister;
    /** The lowest 16 bits of its number: a record that was overwritten meanwhile gives itself away. */
    readonly number: MemoryRegister;
    /** Bit 0: the device's clock was set in this interval; what is older bears another time. */
    readonly status: MemoryRegister;
  };
  /** What a record holds, as the counters of the same measurands among the profile's points; scales follow the same points. */
  readonly points: readonly Point[];
}

export interface ProfileLimits {
  /** Most words in one read request. */
  readonly maxWords: number;
  /** Shortest pause between the end of one exchange with this device and the start of the next. */
  readonly minimumGap_ms: number;
  /** Ranges that the device refuses to read, even as part of a longer request. */
  readonly unreadable: readonly AddressRange[];
}

export interface AddressRange {
  readonly address: number;
  readonly words: number;
}

/** One value of the device. A point without measurand is an attribute: a ratio, a sign, a date of a trip. */
export interface Point {
  /** Unique within the profile and input; other points refer to it, and settings of a meter override it. */
  readonly key: string;
  /** Protocol address of the first word (the register's number is one higher). */
  readonly address: number;
  readonly type: RegisterType;
  /** Default: high word first. */
  readonly wordOrder?: WordOrder;
  /** Number of the input (from 1) where one device carries several meters. */
  readonly input?: number;
  readonly measurand?: MeasurandName | MeasurandChoice;
  /** How often it is worth reading, where that is not what its measurand says (`rateGroupOf`). */
  readonly rate?: RateGroup;
  /** Default: one count is one unit. */
  readonly scale?: Scale;
  /** The register that holds the sign of this magnitude, and its content for "negative". */
  readonly signFrom?: { readonly point: string; readonly negative: number };
  /** Raw contents (unsigned) that mean "no value". */
  readonly notAvailable?: readonly number[];
  /** Plausible values, in the measurand's unit; of a writable point, what may be written. */
  readonly range?: { readonly min: number; readonly max: number };
  /**
   * Counts the pulses of a meter behind it: the settings `start_index` (what that meter showed, in base units) and
   * `start_count` (what this register held then) make its count the meter's own index; of a tariff's count they are named
   * `start_index_tariff_1` and so on.
   */
  readonly countsPulses?: boolean;
  /** Counters: number of counts after which the device begins again at 0. */
  readonly modulus_counts?: number;
  /** Whether functions 6 and 10h may change it. */
  readonly writable?: boolean;
  /** The only values that a writable point takes. */
  readonly allowed?: readonly number[];
  /** Attributes: the value where a simulated device is given none. */
  readonly initial?: number;
}

/** The measurand follows from the content of another point. */
export interface MeasurandChoice {
  readonly from: string;
  readonly choices: Readonly<Record<number, MeasurandName>>;
}

/** From counts to units: `count × multiply ÷ divide`, with factors that are constants or follow from other points. */
export type Scale = ConstantScale | SteppedScale | ProductScale | PowerScale;
export interface ConstantScale {
  readonly multiply?: number;
  readonly divide?: number;
}
/** The factor follows from the product of other points, in steps; the last step has no `below`. */
export interface SteppedScale {
  readonly product: readonly string[];
  readonly steps: readonly (ConstantScale & { readonly below?: number })[];
}
/** The factor is the product of other points. */
export interface ProductScale {
  readonly timesPoints: readonly string[];
}

/** The factor is a power of ten whose exponent is the content of another point, times a constant. */
export interface PowerScale extends ConstantScale {
  readonly tenTo: string;
}

/** Settings of one meter: values of points by key, and `input` where the device has several. */
export type MeterSettings = Readonly<Record<string, number>>;

/** The points of one meter of a device: those of its input, and those common to the device. */
export const pointsOf = (profile: DeviceProfile, input: number | undefined): readonly Point[] =>
  profile.points.filter((p) => p.input === undefined || p.input === input);

/** The inputs of a device that carries several meters; empty where it is one meter. */
export const inputsOf = (profile: DeviceProfile): readonly number[] => [
  ...new Set(profile.points.flatMap((p) => (p.input === undefined ? [] : [p.input]))),
];
