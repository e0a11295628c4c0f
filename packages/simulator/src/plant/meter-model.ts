import { counterModulus, countWorth, findProfile } from '@wattproof/devices';
import { localTime, type MeasurandName, tariffName } from '@wattproof/energy';
import { step_ms } from './drivers.ts';
import { gridSeries, type LoadSeries, type Sample, sampleAt } from './load-series.ts';
import { hash, normal, seedOf, smoothNoise, uniform } from './noise.ts';
import type { PlantMeter, PlantSite } from './plant.ts';
import { spectrumOf } from './power-quality.ts';
import { isPeak, peakEnergy } from './tariff-period.ts';
import type { Weather } from './weather.ts';

export type Values = Partial<Record<MeasurandName, number>>;

/** A meter that can be asked at any instant since the plant's start. Values are in base units, counters whole. */
export interface MeterModel {
  readonly meter: PlantMeter;
  /** Everything its device measures, before the device's own resolution. */
  readonly valuesAt: (at_ms: number) => Values;
  /** What the history keeps of it: fewer measurands, the same values as in `valuesAt`. */
  readonly briefMeasurands: readonly MeasurandName[];
  /** Their values, written to `out` in that order: millions are asked for. */
  readonly briefAt: (at_ms: number, out: Float64Array) => void;
  /** What passed through it without the meter's error, in Wh, l or g; `outward` for export and generation. */
  readonly truth: (from_ms: number, to_ms: number, direction?: 'inward' | 'outward') => number;
  /** The counter just before a replacement took it away. */
  readonly closingIndex: (measurand: MeasurandName) => number | undefined;
}

export interface ModelContext {
  readonly site: PlantSite;
  readonly series: LoadSeries;
  readonly weather: Weather;
  readonly seed: number;
  readonly start_ms: number;
}

/** Relative error of the chain: fixed for each meter, inside the limits of its classes. */
export function gainOf(meter: PlantMeter, seed: number): number {
  const limit_percent = Math.sqrt(meter.accuracy.reduce((sum, part) => sum + part.class * part.class, 0));
  return 1 + (0.6 * limit_percent * (2 * uniform(seed, 1) - 1)) / 100;
}

export function modelOf(meter: PlantMeter, context: ModelContext): MeterModel {
  const seed = seedOf(context.seed, `meter ${meter.key}`);
  switch (meter.source.kind) {
    case 'electric':
      return electricModel(meter, meter.source, context, seed);
    case 'pulse':
      return pulseModel(meter, meter.source, context, seed);
    case 'weather':
      return weatherModel(meter, context, seed);
    case 'breaker':
      return breakerModel(meter, meter.source, context, seed);
  }
}

// Counters ------------------------------------------------------------------------------------------------------------

/** Turns what passed since the start into the index that the device shows. */
interface Counter {
  readonly index: (energy: number, at_ms: number) => number;
  readonly closing: () => number | undefined;
}

interface CounterPart {
  readonly measurand: MeasurandName;
  readonly gain: number;
  readonly startIndex: number;
  /** Part of the energy that a device with a reversed phase counts. */
  readonly reversedFactor: number;
  readonly energyAt: (at_ms: number) => number;
}

function counterOf(meter: PlantMeter, part: CounterPart): Counter {
  const { replacement, reset, reversedPhase } = meter.incidents;
  const restart = replacement ?? reset;
  const opening = replacement?.openingIndex ?? 0;
  let origin: number | undefined;
  let reversedFrom: number | undefined;
  const counted = (energy: number, at_ms: number): number => {
    if (!reversedPhase || at_ms < reversedPhase.from_ms) return energy;
    reversedFrom ??= part.energyAt(reversedPhase.from_ms);
    return reversedFrom + part.reversedFactor * (energy - reversedFrom);
  };
  return {
    index(energy, at_ms) {
      const passed = counted(energy, at_ms);
      if (!restart || at_ms < restart.at_ms) return Math.floor(part.startIndex + part.gain * passed);
      origin ??= counted(part.energyAt(restart.at_ms), restart.at_ms);
      // Reactive and export counters of the new device begin at zero.
      const from = part.measurand === meter.measurand ? opening : 0;
      return Math.floor(from + part.gain * (passed - origin));
    },
    closing: () =>
      replacement &&
      Math.floor(
        part.startIndex + part.gain * counted(part.energyAt(replacement.at_ms), replacement.at_ms - 1),
      ),
  };
}

/** Where the counter stood when the plant began: the meter has counted for up to three years. */
function startIndexOf(meter: PlantMeter, seed: number, perHour: number): number {
  const profile = findProfile(meter.device.profileId);
  const modulus =
    profile && meter.measurand && counterModulus(profile, meter.measurand, meter.device.settings);
  if (meter.beforeRollover !== undefined && modulus) return modulus - meter.beforeRollover;
  const counted = perHour * 8760 * 3 * uniform(seed, 2);
  return Math.floor(modulus ? Math.min(counted, modulus * 0.6) : counted);
}

/** What the device's register can show of a value: whole counts, and for counters a new beginning at the modulus. */
export function shownValue(meter: PlantMeter, measurand: MeasurandName): (value: number) => number {
  const profile = findProfile(meter.device.profileId);
  const factor = profile && countWorth(profile, measurand, meter.device.settings);
  if (!profile || !factor) throw new Error(`${meter.key}: the device does not deliver ${measurand}`);
  const { multiply, divide } = factor;
  const modulus = counterModulus(profile, measurand, meter.device.settings);
  if (modulus === undefined) return (value) => (Math.round((value * divide) / multiply) * multiply) / divide;
  const counts = Math.round((modulus * divide) / multiply);
  return (value) => ((Math.floor((value * divide) / multiply + 1e-9) % counts) * multiply) / divide;
}

// Electricity ---------------------------------------------------------------------------------------------------------

interface ElectricState {
  power_w: number;
  reactive_var: number;
  /** Wh since the start. */
  inward_wh: number;
  outward_wh: number;
  reactive_varh: number;
  thd_percent: number;
}

type ElectricSource = Extract<PlantMeter['source'], { kind: 'electric' }>;

function electricModel(
  meter: PlantMeter,
  source: ElectricSource,
  context: ModelContext,
  seed: number,
): MeterModel {
  const { site, series } = context;
  const gain = gainOf(meter, seed);
  const reactiveGain = 1 + 0.01 * (2 * uniform(seed, 3) - 1);
  const loads = source.loads.map((key) => {
    const load = site.loads.find((l) => l.key === key);
    if (!load) throw new Error(`${site.key} ${meter.key}: no load ${key}`);
    return { ...load, seed: seedOf(context.seed, `ripple ${key}`) };
  });
  const through = source.grid ? [gridSeries.import, gridSeries.export] : [];
  const sample: Sample = { energy: 0, power: 0 };
  const state: ElectricState = {
    power_w: 0,
    reactive_var: 0,
    inward_wh: 0,
    outward_wh: 0,
    reactive_varh: 0,
    thd_percent: 0,
  };
  let stateAt = Number.NaN;

  const look = (at_ms: number): ElectricState => {
    if (at_ms === stateAt) return state;
    let power = 0;
    let energy = 0;
    let reactive = 0;
    let reactiveEnergy = 0;
    let distorted = 0;
    for (const load of loads) {
      sampleAt(series, load, at_ms, sample);
      power += sample.power;
      energy += sample.energy;
      reactive += sample.power * load.tanPhi;
      reactiveEnergy += sample.energy * load.tanPhi;
      distorted += sample.power * load.thd_percent;
    }
    state.thd_percent = power > 0 ? distorted / power : 0;
    state.reactive_var = reactive;
    state.reactive_varh = reactiveEnergy / 1000;
    if (through.length > 0) {
      power = 0;
      for (const key of through) {
        sampleAt(series, { key, ripple: 0.2, seed: context.seed }, at_ms, sample);
        power += key === gridSeries.import ? sample.power : -sample.power;
        if (key === gridSeries.import) state.inward_wh = sample.energy / 1000;
        else state.outward_wh = sample.energy / 1000;
      }
      state.power_w = power;
    } else {
      state.power_w = source.outward ? -power : power;
      state.inward_wh = source.outward ? 0 : energy / 1000;
      state.outward_wh = source.outward ? energy / 1000 : 0;
    }
    stateAt = at_ms;
    return state;
  };

  const shares = phaseShares(source.phases, seed);
  const reversed = meter.incidents.reversedPhase;
  const reversedFactor = reversed ? 1 - 2 * (shares[reversed.phase - 1] as number) : 1;
  const nominal_w = (source.phases === 1 ? 230 : 400 * Math.sqrt(3)) * source.rated_a * 0.25;
  const startIndex = startIndexOf(meter, seed, nominal_w);
  const counter = (measurand: MeasurandName, field: 'inward_wh' | 'outward_wh' | 'reactive_varh'): Counter =>
    counterOf(meter, {
      measurand,
      gain: field === 'reactive_varh' ? reactiveGain : gain,
      startIndex:
        measurand === meter.measurand
          ? startIndex
          : Math.floor(startIndex * (field === 'reactive_varh' ? 0.4 : 0.03)),
      reversedFactor,
      energyAt: (at_ms) => look(at_ms)[field],
    });
  const inward = counter('active_energy_import_wh', 'inward_wh');
  const outward = counter('active_energy_export_wh', 'outward_wh');
  const reactive = counter('reactive_energy_import_varh', 'reactive_varh');

  const spectrum = spectrumOf(meter);
  const peak = peakEnergy(site.timeZone, context.start_ms, (at_ms) => look(at_ms).inward_wh);
  const tariffs = ([1, 2] as const).map((tariff) => {
    const energyAt = tariff === 1 ? peak : (at_ms: number) => look(at_ms).inward_wh - peak(at_ms);
    const counted = counterOf(meter, {
      measurand: tariffName(tariff),
      gain,
      startIndex: Math.floor(startIndex * (tariff === 1 ? 0.62 : 0.38)),
      reversedFactor,
      energyAt,
    });
    return [tariffName(tariff), (at_ms: number) => counted.index(energyAt(at_ms), at_ms)] as const;
  });
  const hasModules = spectrum.length > 0;

  const factorAt = (at_ms: number): number => (reversed && at_ms >= reversed.from_ms ? reversedFactor : 1);
  const voltages = [1, 2, 3].map((phase) => smoothNoise(seedOf(context.seed, `voltage ${phase}`)));
  const frequency = smoothNoise(seedOf(0, 'frequency'));
  const isSinglePhase = source.phases === 1;
  const briefMeasurands = briefOf(meter, source);
  const demand = demandOf(context, look, gain);

  const loadShare = (power_w: number): number => Math.min(1, Math.abs(power_w) / (4 * nominal_w));
  const voltageAt = (at_ms: number, phase: number, load: number): number =>
    231.5 * (1 + 0.009 * (voltages[phase] as (x: number) => number)(at_ms / 5_400_000)) -
    3.2 * load +
    0.25 * normal(seed, Math.floor(at_ms / 10_000), phase);
  const currentAt = (at_ms: number, phase: number, { power_w, reactive_var }: ElectricState): number =>
    ((shares[phase] as number) * Math.hypot(gain * power_w, reactiveGain * reactive_var)) /
    voltageAt(at_ms, phase, loadShare(power_w));

  const valuesAt = (at_ms: number): Values => {
    const s = look(at_ms);
    // Incidents look at other instants: what is read of the state is taken first.
    const { power_w, reactive_var, thd_percent } = s;
    const energies = { inward: s.inward_wh, outward: s.outward_wh, reactive: s.reactive_varh };
    const sign = factorAt(at_ms);
    const load = loadShare(power_w);
    const values: Values = {
      active_energy_import_wh: inward.index(energies.inward, at_ms),
      operating_time_s: Math.floor((at_ms - context.start_ms) / 1000) + 40_000_000,
      frequency_hz: 50 + 0.018 * frequency(at_ms / 40_000),
    };
    const apparent: number[] = [];
    let total = 0;
    let totalReactive = 0;
    for (let i = 0; i < source.phases; i++) {
      const phase = (i + 1) as 1 | 2 | 3;
      const flip = reversed && reversed.phase === phase && sign !== 1 ? -1 : 1;
      const share = shares[i] as number;
      const active = flip * gain * share * power_w;
      const blind = flip * reactiveGain * share * reactive_var;
      const volts = voltageAt(at_ms, i, load);
      const va = Math.hypot(active, blind);
      apparent.push(va / volts);
      values[`voltage_l${phase}_n_v`] = volts;
      values[`current_l${phase}_a`] = va / volts;
      if (!isSinglePhase) {
        values[`active_power_l${phase}_w`] = active;
        values[`reactive_power_l${phase}_var`] = blind;
        values[`power_factor_l${phase}`] = va > 0 ? active / va : 1;
        values[`thd_voltage_l${phase}_percent`] = voltageDistortion(phase, thd_percent, load);
        values[`thd_current_l${phase}_percent`] = currentDistortion(phase, thd_percent, load);
      }
      total += active;
      totalReactive += blind;
    }
    values.active_power_w = total;
    const magnitude = Math.hypot(total, totalReactive);
    values.power_factor = magnitude > 0 ? (isSinglePhase ? Math.abs(total) : total) / magnitude : 1;
    if (isSinglePhase) return values;
    values.reactive_power_var = totalReactive;
    values.apparent_power_va = magnitude;
    values.active_energy_export_wh = outward.index(energies.outward, at_ms);
    values.reactive_energy_import_varh = reactive.index(energies.reactive, at_ms);
    values.reactive_energy_export_varh = 0;
    values.current_n_a = neutralCurrent(apparent);
    const [u1 = 0, u2 = 0, u3 = 0] = [1, 2, 3].map((p) => values[`voltage_l${p as 1 | 2 | 3}_n_v`]);
    values.voltage_l1_l2_v = lineVoltage(u1, u2);
    values.voltage_l2_l3_v = lineVoltage(u2, u3);
    values.voltage_l3_l1_v = lineVoltage(u3, u1);
    Object.assign(values, demand(at_ms));
    for (const [name, share, thd] of spectrum) values[name] = share * (values[thd] ?? 0);
    if (hasModules) {
      for (const [name, indexAt] of tariffs) values[name] = indexAt(at_ms);
      // The supply's tariff contact, the main breaker's position, the alarm of the unit on high load.
      values.digital_input_1 = isPeak(site.timeZone, at_ms) ? 1 : 0;
      values.digital_input_2 = 1;
      values.digital_output_1 = load > 0.25 ? 1 : 0;
      values.digital_output_2 = 0;
    }
    return values;
  };

  const briefAt = (at_ms: number, out: Float64Array): void => {
    const s = look(at_ms);
    const { power_w, reactive_var, thd_percent, inward_wh, outward_wh, reactive_varh } = s;
    const sign = factorAt(at_ms);
    const total = sign * gain * power_w;
    const blind = sign * reactiveGain * reactive_var;
    const magnitude = Math.hypot(total, blind);
    const load = loadShare(power_w);
    for (let i = 0; i < briefMeasurands.length; i++) out[i] = brief(briefMeasurands[i] as MeasurandName);

    function brief(measurand: MeasurandName): number {
      switch (measurand) {
        case 'active_energy_import_wh':
          return inward.index(inward_wh, at_ms);
        case 'active_energy_export_wh':
          return outward.index(outward_wh, at_ms);
        case 'reactive_energy_import_varh':
          return reactive.index(reactive_varh, at_ms);
        case 'active_power_w':
          return total;
        case 'reactive_power_var':
          return blind;
        case 'apparent_power_va':
          return magnitude;
        case 'power_factor':
          return magnitude > 0 ? total / magnitude : 1;
        case 'voltage_l1_n_v':
          return voltageAt(at_ms, 0, load);
        case 'voltage_l2_n_v':
          return voltageAt(at_ms, 1, load);
        case 'voltage_l3_n_v':
          return voltageAt(at_ms, 2, load);
        case 'current_l1_a':
          return currentAt(at_ms, 0, s);
        case 'current_l2_a':
          return currentAt(at_ms, 1, s);
        case 'current_l3_a':
          return currentAt(at_ms, 2, s);
        case 'thd_voltage_l1_percent':
          return voltageDistortion(1, thd_percent, load);
        case 'thd_current_l1_percent':
          return currentDistortion(1, thd_percent, load);
        // Last: they look at other instants.
        case 'active_energy_tariff_1_wh':
          return tariffs[0]?.[1](at_ms) ?? 0;
        case 'active_energy_tariff_2_wh':
          return tariffs[1]?.[1](at_ms) ?? 0;
        default:
          throw new Error(`the history of ${meter.key} has no ${measurand}`);
      }
    }
  };

  return {
    meter,
    valuesAt,
    briefAt,
    briefMeasurands,
    truth(from_ms, to_ms, direction) {
      const field =
        (direction ?? (source.outward ? 'outward' : 'inward')) === 'inward' ? 'inward_wh' : 'outward_wh';
      const end = look(to_ms)[field];
      return end - look(from_ms)[field];
    },
    closingIndex: (measurand) =>
      measurand === 'active_energy_import_wh'
        ? inward.closing()
        : measurand === 'active_energy_export_wh'
          ? outward.closing()
          : measurand === 'reactive_energy_import_varh'
            ? reactive.closing()
            : undefined,
  };
}

const voltageDistortion = (phase: number, thd_percent: number, load: number): number =>
  1.1 + 0.035 * thd_percent + 0.9 * load + 0.08 * (phase - 1);

const currentDistortion = (phase: number, thd_percent: number, load: number): number =>
  thd_percent * (1.25 - 0.35 * load) * (1 + 0.04 * (phase - 2));

function briefOf(meter: PlantMeter, source: ElectricSource): readonly MeasurandName[] {
  if (source.outward) return ['active_energy_export_wh', 'active_power_w'];
  if (meter.role === 'main')
    return [
      'active_energy_import_wh',
      ...(source.grid ? (['active_energy_export_wh'] as const) : []),
      'reactive_energy_import_varh',
      'active_power_w',
      'reactive_power_var',
      'apparent_power_va',
      'power_factor',
      'voltage_l1_n_v',
      'voltage_l2_n_v',
      'voltage_l3_n_v',
      'current_l1_a',
      'current_l2_a',
      'current_l3_a',
      'thd_voltage_l1_percent',
      'thd_current_l1_percent',
      ...(spectrumOf(meter).length > 0 ? [tariffName(1), tariffName(2)] : []),
    ];
  if (meter.role === 'feeder')
    return ['active_energy_import_wh', 'reactive_energy_import_varh', 'active_power_w', 'power_factor'];
  return ['active_energy_import_wh', 'active_power_w'];
}

function phaseShares(phases: 1 | 3, seed: number): readonly number[] {
  if (phases === 1) return [1];
  const parts = [4, 5, 6].map((k) => 1 + 0.05 * (2 * uniform(seed, k) - 1));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((p) => p / sum);
}

/** Magnitude of the sum of three currents 120° apart. */
function neutralCurrent([a = 0, b = 0, c = 0]: readonly number[]): number {
  return Math.sqrt(Math.max(0, a * a + b * b + c * c - a * b - b * c - c * a));
}

/** Voltage between two phases 120° apart. */
const lineVoltage = (a: number, b: number): number => Math.sqrt(a * a + b * b + a * b);

/**
 * Mean power drawn in the last whole step, and the highest such mean since midnight UTC, when the device forgets it. What is
 * fed back is no demand: the devices' registers have no sign for it.
 */
function demandOf(
  context: ModelContext,
  look: (at_ms: number) => ElectricState,
  gain: number,
): (at_ms: number) => Values {
  const perDay = 96;
  let scannedFrom = Number.NaN;
  let scannedTo = 0;
  let highest = 0;
  const drawnUntil_wh = (step: number): number => look(Math.max(step * step_ms, context.start_ms)).inward_wh;
  return (at_ms) => {
    const step = Math.floor(at_ms / step_ms);
    const midnight = Math.floor(step / perDay) * perDay;
    const last = drawnUntil_wh(step) - drawnUntil_wh(step - 1);
    if (midnight !== scannedFrom || scannedTo > step) {
      scannedFrom = midnight;
      scannedTo = midnight;
      highest = last;
    }
    let before = drawnUntil_wh(scannedTo);
    for (; scannedTo < step; scannedTo++) {
      const next = drawnUntil_wh(scannedTo + 1);
      highest = Math.max(highest, next - before);
      before = next;
    }
    return { demand_power_w: last * 4 * gain, demand_power_max_w: highest * 4 * gain };
  };
}

// Pulses, weather, breakers -------------------------------------------------------------------------------------------

function pulseModel(
  meter: PlantMeter,
  source: Extract<PlantMeter['source'], { kind: 'pulse' }>,
  context: ModelContext,
  seed: number,
): MeterModel {
  const gain = gainOf(meter, seed);
  const loads = source.loads.map((key) => {
    const load = context.site.loads.find((l) => l.key === key);
    if (!load) throw new Error(`${context.site.key} ${meter.key}: no load ${key}`);
    return { ...load, seed: seedOf(context.seed, `ripple ${key}`) };
  });
  const sample: Sample = { energy: 0, power: 0 };
  const passedAt = (at_ms: number): number => {
    let passed = 0;
    for (const load of loads) {
      sampleAt(context.series, load, at_ms, sample);
      passed += sample.energy;
    }
    return passed / 1000;
  };
  const perHour = source.measurand === 'production_g' ? 400_000 : meter.carrier === 'gas' ? 12_000 : 1500;
  const counter = counterOf(meter, {
    measurand: source.measurand,
    gain,
    startIndex: startIndexOf(meter, seed, perHour),
    reversedFactor: 1,
    energyAt: passedAt,
  });
  const valuesAt = (at_ms: number): Values => ({
    [source.measurand]: counter.index(passedAt(at_ms), at_ms),
  });
  return {
    meter,
    valuesAt,
    briefAt: (at_ms, out) => {
      out[0] = counter.index(passedAt(at_ms), at_ms);
    },
    briefMeasurands: [source.measurand],
    truth: (from_ms, to_ms) => passedAt(to_ms) - passedAt(from_ms),
    closingIndex: () => counter.closing(),
  };
}

function weatherModel(meter: PlantMeter, { weather }: ModelContext, seed: number): MeterModel {
  const offset_k = 0.3 * (2 * uniform(seed, 1) - 1);
  const valuesAt = (at_ms: number): Values => ({
    outdoor_temperature_c: weather.outdoor_c(at_ms) + offset_k,
  });
  return {
    meter,
    valuesAt,
    briefAt: (at_ms, out) => {
      out[0] = weather.outdoor_c(at_ms) + offset_k;
    },
    briefMeasurands: ['outdoor_temperature_c'],
    truth: () => 0,
    closingIndex: () => undefined,
  };
}

const positions = { open: 0, closed: 1, fault: 2 } as const;

function breakerModel(
  meter: PlantMeter,
  source: Extract<PlantMeter['source'], { kind: 'breaker' }>,
  context: ModelContext,
  seed: number,
): MeterModel {
  const loads = source.loads.map((key) => {
    const load = context.site.loads.find((l) => l.key === key);
    if (!load) throw new Error(`${context.site.key} ${meter.key}: no load ${key}`);
    return { ...load, seed: seedOf(context.seed, `ripple ${key}`) };
  });
  const sample: Sample = { energy: 0, power: 0 };
  const positionAt = (at_ms: number): number => {
    if (source.behaviour === 'closed') return positions.closed;
    if (source.behaviour === 'spare') return positions.open;
    const { weekday, minute } = localTime(context.site.timeZone, at_ms);
    if (source.behaviour === 'docks')
      return weekday < 7 && ((minute >= 270 && minute < 600) || (minute >= 870 && minute < 1200))
        ? positions.closed
        : positions.open;
    // One day in nine it trips at ten, and is put back after 40 minutes to 3 hours.
    const day = Math.floor(at_ms / 86_400_000);
    const off_min = 40 + (hash(seed, day, 1) % 140);
    const tripped = hash(seed, day) % 9 === 0 && minute >= 602 && minute < 602 + off_min;
    return tripped ? positions.fault : positions.closed;
  };
  const valuesAt = (at_ms: number): Values => {
    const position = positionAt(at_ms);
    let va = 0;
    if (position === positions.closed)
      for (const load of loads) {
        sampleAt(context.series, load, at_ms, sample);
        va += sample.power * Math.hypot(1, load.tanPhi);
      }
    const current = va / 3 / 230;
    return {
      breaker_position: position,
      current_l1_a: current * 1.01,
      current_l2_a: current,
      current_l3_a: current * 0.99,
      current_n_a: current * 0.02,
    };
  };
  return {
    meter,
    valuesAt,
    briefAt: (at_ms, out) => {
      out[0] = positionAt(at_ms);
    },
    briefMeasurands: ['breaker_position'],
    truth: () => 0,
    closingIndex: () => undefined,
  };
}
