import { driversOf, type Schedule, step_ms } from './drivers.ts';
import type { Load, Saving } from './load.ts';
import { normal, seedOf, smoothNoise } from './noise.ts';
import type { Climate } from './weather.ts';

export interface LoadPlace {
  readonly key: string;
  readonly timeZone: string;
  readonly climate: Climate;
  readonly schedule: Schedule;
  readonly loads: readonly Load[];
  readonly saving?: Saving;
}

/** Names of the two series that a site with its own generation has besides its loads: what crosses the grid meter. */
export const gridSeries = { import: 'grid import', export: 'grid export' } as const;

/**
 * The running totals of a site's loads from `start_ms` on, in integers: milliwatt-hours, millilitres, milligrams.
 *
 * They are computed in blocks, as far as anybody has asked; a block depends on the seed and its own instants alone, so
 * totals are the same whatever the order of asking. Import and export of a site with generation are settled per step.
 */
export interface LoadSeries {
  /** Total at a step's beginning, counted from the start. @throws RangeError before the start. */
  readonly total: (key: string, step: number) => number;
  /** The column of a series, at least `steps` long. */
  readonly column: (key: string, steps: number) => Float64Array;
  readonly firstStep: number;
}

const block = 96 * 32;
/** Steps computed before the start, so that the first boundary has a neighbour. */
const lead = 1;

export function loadSeriesOf(
  place: LoadPlace,
  options: { readonly seed: number; readonly start_ms: number; readonly reportingFrom_ms: number },
): LoadSeries {
  const { start_ms, reportingFrom_ms } = options;
  const seed = seedOf(options.seed, place.key);
  const firstStep = Math.floor(start_ms / step_ms);
  const drivers = driversOf(place, options.seed);
  const electric = place.loads.filter((l) => l.carrier === 'electricity');
  const generating = place.loads.some((l) => l.carrier === 'pv');
  const columns = new Map<string, Float64Array>();
  const siteNoise = smoothNoise(seedOf(seed, 'site'));
  const daySeed = seedOf(seed, 'site days');
  const sources = place.loads.map((load) => ({
    load,
    day: smoothNoise(seedOf(seed, `day ${load.key}`)),
    stepSeed: seedOf(seed, `step ${load.key}`),
    weights: Object.entries(load.weights) as [keyof ReturnType<typeof drivers>, number][],
    values: new Float64Array(block),
  }));
  let computed = -lead;

  const room = (key: string, length: number): Float64Array => {
    const known = columns.get(key);
    if (known && known.length >= length) return known;
    const grown = new Float64Array(Math.max(length, Math.ceil((known?.length ?? 0) * 1.5)));
    if (known) grown.set(known);
    columns.set(key, grown);
    return grown;
  };

  /** Writes the totals of the next block; index lead + k holds the total at step k. */
  const extend = (): void => {
    const from = computed;
    const columnsOfBlock = drivers(firstStep + from, firstStep + from + block);
    for (const { load, day, stepSeed, weights, values } of sources) {
      values.fill(0);
      for (const [driver, weight] of weights) {
        const column = columnsOfBlock[driver];
        for (let i = 0; i < block; i++) values[i] = (values[i] as number) + weight * (column[i] as number);
      }
      if (load.dayNoise === 0 && load.stepNoise === 0) continue;
      for (let i = 0; i < block; i++) {
        const step = firstStep + from + i;
        const days = step / 96;
        // What a whole site does differently from one day to the next: recipes, doors, people.
        const common =
          load.carrier === 'electricity'
            ? 0.008 * siteNoise(days / 0.9) + 0.028 * normal(daySeed, Math.floor(days))
            : 0;
        const noise = 1 + common + load.dayNoise * day(days) + load.stepNoise * normal(stepSeed, step);
        values[i] = (values[i] as number) * Math.max(0.2, noise);
      }
    }
    if (place.saving) save(from, place.saving);
    for (const { load, values } of sources) append(load.key, from, values);
    if (generating) settleGrid(from);
    computed = from + block;
  };

  const save = (from: number, { share, parts }: Saving): void => {
    const begin = Math.max(0, Math.ceil(reportingFrom_ms / step_ms) - firstStep - from);
    for (let i = begin; i < block; i++) {
      let total = 0;
      for (const { load, values } of sources)
        if (load.carrier === 'electricity') total += values[i] as number;
      for (const { load, values } of sources) {
        const part = parts[load.key];
        if (part !== undefined) values[i] = Math.max(0, (values[i] as number) - share * part * total);
      }
    }
  };

  /** A step's mean power becomes whole milliunits: W × ¼ h × 1000. */
  const append = (key: string, from: number, values: Float64Array): void => {
    const column = room(key, lead + from + block + 1);
    let total = column[lead + from] as number;
    for (let i = 0; i < block; i++) {
      total += Math.round((values[i] as number) * 250);
      column[lead + from + i + 1] = total;
    }
  };

  const settleGrid = (from: number): void => {
    const inward = room(gridSeries.import, lead + from + block + 1);
    const outward = room(gridSeries.export, lead + from + block + 1);
    const used = electric.map((l) => columns.get(l.key) as Float64Array);
    const made = place.loads.filter((l) => l.carrier === 'pv').map((l) => columns.get(l.key) as Float64Array);
    for (let i = lead + from; i < lead + from + block; i++) {
      let net = 0;
      for (const c of used) net += (c[i + 1] as number) - (c[i] as number);
      for (const c of made) net -= (c[i + 1] as number) - (c[i] as number);
      inward[i + 1] = (inward[i] as number) + Math.max(0, net);
      outward[i + 1] = (outward[i] as number) + Math.max(0, -net);
    }
  };

  const column = (key: string, steps: number): Float64Array => {
    while (computed < steps + 2) extend();
    const found = columns.get(key);
    if (!found) throw new Error(`${place.key} has no load ${key}`);
    return found;
  };
  return {
    firstStep,
    column,
    total(key, step) {
      const at = step - firstStep;
      if (at < 0)
        throw new RangeError(`${place.key}: the plant begins at ${new Date(start_ms).toISOString()}`);
      const values = column(key, at);
      return (values[lead + at] as number) - (values[lead] as number);
    },
  };
}

/** Energy since the start and power at one instant of one series, in milliunits and units. */
export interface Sample {
  energy: number;
  power: number;
}

/**
 * Total and momentary power at any instant. Within a step the power is a parabola whose mean is the step's and which
 * meets its neighbours, plus ripple without energy of its own: totals and powers agree at every instant, the power
 * never falls below zero, and nothing jumps at a boundary.
 */
export function sampleAt(
  series: LoadSeries,
  place: { readonly key: string; readonly ripple: number; readonly seed: number },
  at_ms: number,
  out: Sample,
): void {
  const step = Math.floor(at_ms / step_ms);
  const at = step - series.firstStep;
  if (at < 0) throw new RangeError(`${place.key}: before the plant's start`);
  const column = series.column(place.key, at);
  const i = lead + at;
  const here = (column[i + 1] as number) - (column[i] as number);
  const before = (column[i] as number) - (column[i - 1] as number);
  const after = (column[i + 2] as number) - (column[i + 1] as number);
  const p0 = Math.min((before + here) / 2, 1.5 * Math.min(before, here));
  const p1 = Math.min((here + after) / 2, 1.5 * Math.min(here, after));
  const x = at_ms / step_ms - step;
  const total = (column[i] as number) - (column[lead] as number);
  if (x === 0) {
    out.energy = total;
    out.power = p0 / 250;
    return;
  }
  const bend = 6 * (here - (p0 + p1) / 2);
  let energy = p0 * x + ((p1 - p0) * x * x) / 2 + bend * (x * x * (0.5 - x / 3));
  let power = p0 + (p1 - p0) * x + bend * x * (1 - x);
  if (place.ripple > 0) {
    const room = 0.9 * place.ripple * Math.min(p0, p1, here / 2);
    for (let k = 0; k < ripples.length; k++) {
      const { turns, part } = ripples[k] as (typeof ripples)[number];
      const amplitude = room * part * Math.sign(normal(place.seed, step, k));
      const angle = 2 * Math.PI * turns * x;
      power += amplitude * Math.sin(angle);
      energy += (amplitude * (1 - Math.cos(angle))) / (2 * Math.PI * turns);
    }
  }
  out.energy = total + energy;
  out.power = power / 250;
}

/** Whole turns within a step (about 3 min, 69 s and 24 s long), and their parts of the ripple. */
const ripples = [
  { turns: 5, part: 0.45 },
  { turns: 13, part: 0.35 },
  { turns: 37, part: 0.2 },
] as const;
