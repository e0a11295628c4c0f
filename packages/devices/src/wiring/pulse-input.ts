import type { PulseOutput } from '../product/product.ts';

/** The largest power that a pulse source can meter: what it counts in one direction. */
export const largestPower_w = (source: {
  readonly network: 'single' | 'three';
  /** Phase to neutral. */
  readonly voltage_v: number;
  readonly current_a_max: number;
}): number => (source.network === 'three' ? 3 : 1) * source.voltage_v * source.current_a_max;

/**
 * The most power that a meter's settings say its source can have: `power_w_max`, else largest current × voltage × phases
 * × transformer ratios, from `current_a_max`, `phases` (3 where it is not said), `voltage_v` (230 V to neutral where it is
 * not said), `ct_ratio` and `vt_ratio`. Undefined where neither is said.
 */
export function sourcePower_w(settings: Readonly<Record<string, number>>): number | undefined {
  const { power_w_max, current_a_max, phases, voltage_v = 230, ct_ratio = 1, vt_ratio = 1 } = settings;
  if (power_w_max !== undefined || current_a_max === undefined) return power_w_max;
  const network = phases === 1 ? 'single' : 'three';
  return largestPower_w({ network, voltage_v, current_a_max }) * ct_ratio * vt_ratio;
}

export interface PulseRate {
  /** At the largest power. */
  readonly perSecond: number;
  readonly period_ms: number;
}

/**
 * How fast pulses come at a power: P/(3600·weight) a second. 63 A three-phase (43 470 W) with 1 Wh a pulse gives 12.1 a
 * second, one every 82.8 ms.
 * @throws RangeError where the weight is not above 0 or the power negative.
 */
export function pulseRate(power_w: number, weight_wh: number): PulseRate {
  if (!(weight_wh > 0 && power_w >= 0)) throw new RangeError('the weight is above 0, the power not negative');
  const perSecond = power_w / (3600 * weight_wh);
  return { perSecond, period_ms: perSecond > 0 ? 1000 / perSecond : Number.POSITIVE_INFINITY };
}

export interface PulseFinding {
  readonly code:
    | 'weightNotOffered'
    | 'durationNotOffered'
    | 'pulseTooLong'
    | 'offTimeTooLong'
    | 'tooCoarse'
    | 'leadTooLong'
    | 'leadTooThin';
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What the message says, for other languages. */
  readonly data: Readonly<Record<string, number | string>>;
}

/** A pulse source on an input of the concentrator. */
export interface PulseInput {
  readonly power_w_max: number;
  readonly weight_wh: number;
  readonly duration_ms: number;
  /** Time after a pulse in which the input takes no other. */
  readonly offTime_ms?: number;
  /** Ratios that the meter behind the pulses did not apply itself. */
  readonly ct_ratio?: number;
  readonly vt_ratio?: number;
  readonly lead_m?: number;
  readonly lead_mm2?: number;
  /** What the source can be set to, where it is a product of the catalogue. */
  readonly offered?: Pick<PulseOutput, 'weights_wh' | 'durations_ms'>;
}

/** A source that gives fewer pulses an hour at full load cannot show a quarter of an hour. */
const fewestAtFullLoad_perHour = 40;

/**
 * What speaks against the settings of a pulse input: values that the source does not offer, pulses that cannot end
 * before the next begins (facts of the source's largest current), an OFF time that swallows pulses, and the guide's
 * 1000 m at 1 mm² for leads (p. 49).
 */
export function checkPulseInput(input: PulseInput): PulseFinding[] {
  const findings: PulseFinding[] = [];
  const { offered, weight_wh, duration_ms, offTime_ms = 0 } = input;
  const add = (
    code: PulseFinding['code'],
    severity: PulseFinding['severity'],
    data: PulseFinding['data'],
    message: string,
  ): number => findings.push({ code, severity, message, data });
  const list = (values: readonly number[]): string => values.join(', ');
  if (offered && !offered.weights_wh.includes(weight_wh))
    add(
      'weightNotOffered',
      'error',
      { offered: list(offered.weights_wh), wanted: weight_wh },
      `the meter offers ${list(offered.weights_wh)} Wh a pulse, not ${weight_wh}`,
    );
  if (offered && !offered.durations_ms.includes(duration_ms))
    add(
      'durationNotOffered',
      'error',
      { offered: list(offered.durations_ms), wanted: duration_ms },
      `the meter offers ${list(offered.durations_ms)} ms, not ${duration_ms}`,
    );
  const seen_wh = weight_wh * (input.ct_ratio ?? 1) * (input.vt_ratio ?? 1);
  const { period_ms, perSecond } = pulseRate(input.power_w_max, seen_wh);
  const every = Number.isFinite(period_ms) ? Math.round(period_ms) : period_ms;
  if (duration_ms >= period_ms)
    add(
      'pulseTooLong',
      'error',
      { every_ms: every, duration_ms },
      `at full load a pulse comes every ${every} ms: one of ${duration_ms} ms has not ended by then`,
    );
  else if (duration_ms + offTime_ms > period_ms)
    add(
      'offTimeTooLong',
      'error',
      { every_ms: every, duration_ms, offTime_ms },
      `at full load a pulse comes every ${every} ms: ${duration_ms} ms and an OFF time of ${offTime_ms} ms lose some`,
    );
  if (perSecond * 3600 < fewestAtFullLoad_perHour)
    add(
      'tooCoarse',
      'warning',
      { perHour: Math.floor(perSecond * 3600) },
      `even at full load only ${Math.floor(perSecond * 3600)} pulses an hour come: a quarter of an hour shows little`,
    );
  if ((input.lead_m ?? 0) > 1000)
    add(
      'leadTooLong',
      'error',
      { lead_m: input.lead_m ?? 0 },
      `leads to the concentrator are at most 1000 m, not ${input.lead_m}`,
    );
  if (input.lead_mm2 !== undefined && input.lead_mm2 < 1)
    add(
      'leadTooThin',
      'error',
      { lead_mm2: input.lead_mm2 },
      `leads to the concentrator have at least 1 mm², not ${input.lead_mm2}`,
    );
  return findings;
}

/** The smallest weight of those offered whose pulses end in time at full load, with that duration; undefined if none. */
export function suggestWeight_wh(
  input: Pick<PulseInput, 'power_w_max' | 'duration_ms' | 'offTime_ms' | 'ct_ratio' | 'vt_ratio'>,
  weights_wh: readonly number[],
): number | undefined {
  return [...weights_wh]
    .sort((a, b) => a - b)
    .find((weight_wh) => checkPulseInput({ ...input, weight_wh }).every((f) => f.severity !== 'error'));
}

/**
 * Whether pulses counted in a time are more than the source can have given at its largest power: then a contact
 * bounces, a neighbour induces, or the weight is wrong. One pulse more is allowed, since the counting may begin and end
 * anywhere between two.
 */
export const isPlausibleCount = (
  counted: number,
  seconds: number,
  source: Pick<PulseInput, 'power_w_max' | 'weight_wh'>,
): boolean => counted <= Math.floor(pulseRate(source.power_w_max, source.weight_wh).perSecond * seconds) + 1;

/**
 * What speaks against the settings of a meter on a pulse input: `pulse_weight` with `ct_ratio` and `vt_ratio`,
 * `pulse_duration_ms`, `off_time_ms`, and the most that the source can meter (`sourcePower_w`). Nothing where weight,
 * duration or largest power are not said.
 */
export function checkPulseSettings(
  settings: Readonly<Record<string, number>>,
  offered?: PulseInput['offered'],
): PulseFinding[] {
  const { pulse_weight, pulse_duration_ms, off_time_ms, ct_ratio, vt_ratio } = settings;
  const power_w_max = sourcePower_w(settings);
  if (pulse_weight === undefined || pulse_duration_ms === undefined || power_w_max === undefined) return [];
  return checkPulseInput({
    power_w_max,
    weight_wh: pulse_weight,
    duration_ms: pulse_duration_ms,
    ...(off_time_ms === undefined ? {} : { offTime_ms: off_time_ms }),
    ...(ct_ratio === undefined ? {} : { ct_ratio }),
    ...(vt_ratio === undefined ? {} : { vt_ratio }),
    ...(offered ? { offered } : {}),
  });
}
