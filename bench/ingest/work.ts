import { type BatchSchema, encodePackedBatch, encodeSchema, schemaHash } from '@wattproof/contracts/mqtt';
import { type MeasurandName, measurandOf } from '@wattproof/energy';

/** The readings of the benchmark, the same in every form: what a site with metered feeders reports each minute. */
export interface Work {
  readonly gateways: number;
  readonly metersPerGateway: number;
  readonly minutes: number;
  /** Instant of the first minute. */
  readonly origin_ms: number;
}

export const measurandNames = [
  'active_energy_import_wh',
  'reactive_energy_import_varh',
  'active_power_w',
  'reactive_power_var',
  'apparent_power_va',
  'power_factor',
  'voltage_l1_n_v',
  'current_l1_a',
  'frequency_hz',
  'thd_current_l1_percent',
] as const satisfies readonly MeasurandName[];
const exponents = [0, 0, 0, 0, 0, -3, -1, -2, -2, -1];

export const partitionCount = 4;
export const gatewayIdOf = (gateway: number): string => `bench-${String(gateway).padStart(3, '0')}`;
export const partitionOf = (gateway: number): number => gateway % partitionCount;
export const meterKeyOf = (meter: number): string => `M${meter}`;
export const rowsOf = (work: Work): number => work.gateways * work.metersPerGateway * work.minutes;
export const atOf = (work: Work, minute: number): number => work.origin_ms + minute * 60_000;

/** The ten values of a meter at a minute, in the order of `measurandNames`, exact in every form. */
export function valuesOf(meter: number, minute: number): number[] {
  const load = 2_000 + ((meter * 37 + minute * 13) % 9_000);
  return [
    1_000_000 * meter + minute * 100,
    400_000 * meter + minute * 31,
    load,
    (load * 3) % 2_711,
    load + 500,
    (700 + (load % 300)) / 1_000,
    (2_250 + (minute % 120)) / 10,
    (load % 9_973) / 100,
    (4_995 + (minute % 11)) / 100,
    ((meter + minute) % 95) / 10,
  ];
}

const namedValues = (values: readonly number[]): Partial<Record<MeasurandName, number>> =>
  Object.fromEntries(measurandNames.map((name, i) => [name, values[i]]));

export function schemaOf(work: Work): { readonly encoded: Buffer; readonly schema: BatchSchema } {
  const columns = measurandNames.map((name, i) => ({
    measurandId: measurandOf(name).id,
    exponent: exponents[i] ?? 0,
  }));
  const schema = {
    meters: Array.from({ length: work.metersPerGateway }, (_, m) => ({ key: meterKeyOf(m), columns })),
  };
  return { encoded: encodeSchema(schema), schema };
}

/** One compact message per cycle of a gateway, in the form that gateways send (packed). */
export function batchPayloads(work: Work, gateway: number, boot: string): Buffer[] {
  const { encoded, schema } = schemaOf(work);
  const hash = schemaHash(encoded);
  return Array.from({ length: work.minutes }, (_, minute) =>
    encodePackedBatch(
      {
        schemaHash: hash,
        position: { boot, lane: 'live', seq: minute + 1 },
        clockSynchronised: true,
        readings: schema.meters.map(({ key }, m) => ({
          meterKey: key,
          at_ms: atOf(work, minute),
          skew_ms: 0,
          quality: 'good',
          values: namedValues(valuesOf(gateway * work.metersPerGateway + m, minute)),
          exceptions: {},
        })),
      },
      schema,
    ),
  );
}

/** One JSON message per meter and minute, minute by minute. */
export function singlePayloads(work: Work, gateway: number): Buffer[] {
  const payloads: Buffer[] = [];
  for (let minute = 0; minute < work.minutes; minute++)
    for (let m = 0; m < work.metersPerGateway; m++)
      payloads.push(
        Buffer.from(
          JSON.stringify({
            meter: meterKeyOf(m),
            at: new Date(atOf(work, minute)).toISOString(),
            values: namedValues(valuesOf(gateway * work.metersPerGateway + m, minute)),
          }),
        ),
      );
  return payloads;
}

/** Sum of every value, by column: what the table must add up to. */
export function sumsOf(work: Work): number[] {
  const sums = new Array<number>(measurandNames.length).fill(0);
  for (let meter = 0; meter < work.gateways * work.metersPerGateway; meter++)
    for (let minute = 0; minute < work.minutes; minute++)
      valuesOf(meter, minute).forEach((value, i) => {
        sums[i] = (sums[i] ?? 0) + value;
      });
  return sums;
}
