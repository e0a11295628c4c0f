import { counterModulus, decode, encode, findProfile } from '@wattproof/devices';
import { type MeasurandName, measurandOf, monthStarts } from '@wattproof/energy';
import { describe, expect, it } from 'vitest';
import { demoPlant, type PlantOptions } from './demo-plant.ts';
import { step_ms } from './drivers.ts';
import { gainOf, type MeterModel, shownValue, type Values } from './meter-model.ts';
import { seedOf } from './noise.ts';
import { plantModelOf } from './plant-model.ts';

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;
const options: PlantOptions = {
  seed: 42,
  start_ms: Date.UTC(2025, 8, 1) - 2 * hour_ms,
  reportingFrom_ms: Date.UTC(2026, 8, 1) - 2 * hour_ms,
};
const end_ms = Date.UTC(2026, 10, 22);
const plant = demoPlant(options);
const model = plantModelOf(plant);
const everyMeter = model.sites.flatMap((site) =>
  model.site(site.key).meters.map((m) => ({ site, name: `${site.key} ${m.meter.key}`, model: m })),
);
const isCounter = (m: MeasurandName): boolean => measurandOf(m).kind === 'counter';

/** What the history keeps of the meter at an instant. */
function briefOf(m: MeterModel, at_ms: number): Values {
  const out = new Float64Array(m.briefMeasurands.length);
  m.briefAt(at_ms, out);
  return Object.fromEntries(m.briefMeasurands.map((measurand, i) => [measurand, out[i]]));
}

/** Energy that the meter's counter shows over [from, to), replacement and rollover taken into account. */
function counted(m: MeterModel, from_ms: number, to_ms: number): number {
  const { measurand, incidents, device } = m.meter;
  if (!measurand) return 0;
  const at = (t: number): number => briefOf(m, t)[measurand] ?? Number.NaN;
  const restart = incidents.replacement ?? incidents.reset;
  if (!restart || restart.at_ms <= from_ms || restart.at_ms >= to_ms) return at(to_ms) - at(from_ms);
  expect(device.profileId).toBe('ime-nemo-96hd');
  const closing = m.closingIndex(measurand) ?? at(restart.at_ms - 1);
  return closing - at(from_ms) + at(to_ms) - at(restart.at_ms);
}

describe('the demo plant as data', () => {
  it('is what the demo promises', () => {
    const [belleroche, ...others] = plant.organisations;
    expect(belleroche?.legalEntities.map((e) => e.country)).toEqual(['FR', 'DE', 'ES']);
    expect(belleroche?.sites.map((s) => s.name)).toEqual([
      'Laval',
      'Rennes',
      'Le Mans',
      'Augsburg',
      'Kempten',
      'Zaragoza',
    ]);
    expect(others).toHaveLength(2);
    const meters = everyMeter.length;
    expect(meters).toBeGreaterThan(110);
    expect(meters).toBeLessThan(160);
    const transports = new Set(model.sites.flatMap((s) => s.lines.map((l) => l.transport)));
    expect([...transports].sort()).toEqual(['ascii', 'rtu', 'tcp']);
  });

  it('names things that exist, once', () => {
    for (const site of model.sites) {
      const keys = site.meters.map((m) => m.key);
      expect(new Set(keys).size).toBe(keys.length);
      for (const m of site.meters) {
        if (m.parentKey) expect(keys).toContain(m.parentKey);
        expect(site.lines.map((l) => l.key)).toContain(m.device.lineKey);
        expect(findProfile(m.device.profileId)?.id).toBe(m.device.profileId);
        expect(site.zones.map((z) => z.key)).toContain(m.zoneKey);
        expect(m.device.unit).toBeLessThanOrEqual(247);
      }
      for (const supply of site.supplies) expect(keys).toContain(supply.meterKey);
    }
    const serials = everyMeter.map((m) => m.model.meter.serialNumber);
    expect(new Set(serials).size).toBe(serials.length);
    const ports = model.sites.flatMap((s) =>
      s.lines.filter((l) => l.portOffset >= 0).map((l) => l.portOffset),
    );
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.max(...ports)).toBeLessThan(40);
  });

  it('gives one unit address of a line one device', () => {
    for (const site of model.sites) {
      const devices = new Map<string, string>();
      for (const { key, device } of site.meters) {
        const place = `${device.lineKey} ${device.unit} ${device.settings.input ?? ''}`;
        expect(devices.get(place), `${site.key} ${key}`).toBeUndefined();
        devices.set(place, key);
      }
    }
  });
});

// Two years of eight sites are computed once, which takes longer than a unit test's usual limit on a busy machine.
describe('physics', { timeout: 60_000 }, () => {
  it('is the same from the same seed, in any order of asking, and another from another seed', () => {
    const late = plantModelOf(demoPlant(options)).site('rennes');
    const farFirst = late.truth(Date.UTC(2026, 9, 1), Date.UTC(2026, 9, 2));
    const here = model.site('rennes');
    here.truth(options.start_ms, options.start_ms + day_ms);
    expect(here.truth(Date.UTC(2026, 9, 1), Date.UTC(2026, 9, 2))).toEqual(farFirst);
    const instant = Date.UTC(2026, 9, 1, 9, 7, 13) + 250;
    expect(here.meters.map((m) => m.valuesAt(instant))).toEqual(late.meters.map((m) => m.valuesAt(instant)));
    const other = plantModelOf(demoPlant({ ...options, seed: 43 })).site('rennes');
    expect(other.truth(Date.UTC(2026, 9, 1), Date.UTC(2026, 9, 2))).not.toEqual(farFirst);
  });

  it('sums sub-meters to their parent: the rest is positive and small', () => {
    const from = Date.UTC(2025, 10, 1);
    const to = Date.UTC(2026, 7, 1);
    for (const site of model.sites) {
      const of = model.site(site.key);
      for (const parent of of.meters) {
        const children = of.meters.filter((m) => m.meter.parentKey === parent.meter.key);
        if (children.length === 0 || parent.meter.source.kind !== 'electric') continue;
        const inside = children.reduce((sum, c) => sum + c.truth(from, to), 0);
        // What generation gives reaches the children too.
        const whole =
          parent.meter.role === 'main' ? of.truth(from, to).electricity_wh : parent.truth(from, to);
        const rest = whole - inside;
        expect(rest / whole, `${site.key} ${parent.meter.key}`).toBeGreaterThan(0);
        expect(rest / whole, `${site.key} ${parent.meter.key}`).toBeLessThan(
          site.key === 'annecy' ? 0.5 : 0.12,
        );
      }
    }
  });

  it('shows each meter’s truth within its classes, month by month', () => {
    const months = monthStarts('Europe/Paris', options.start_ms, end_ms);
    for (const { name, model: m } of everyMeter) {
      const { measurand, incidents } = m.meter;
      if (!measurand || incidents.reversedPhase || m.meter.source.kind === 'weather') continue;
      const limit = m.meter.accuracy.reduce((sum, p) => sum + p.class, 0) / 100;
      for (const [i, from] of months.entries()) {
        const to = months[i + 1];
        if (to === undefined) continue;
        const truth = m.truth(from, to);
        expect(
          Math.abs(counted(m, from, to) - truth),
          `${name} ${new Date(from).toISOString()}`,
        ).toBeLessThanOrEqual(limit * truth + 2);
      }
    }
  });

  it('never turns a counter back, but for the declared reset and replacement', () => {
    const from = Date.UTC(2026, 2, 1);
    const instants = [
      ...Array.from({ length: 130 }, (_, i) => from + i * 37 * hour_ms),
      ...Array.from({ length: 90 }, (_, i) => from + 117 * day_ms + i * 29_700),
    ].sort((a, b) => a - b);
    const wrong: string[] = [];
    for (const { name, model: m } of everyMeter) {
      const restart = (m.meter.incidents.replacement ?? m.meter.incidents.reset)?.at_ms;
      let before: Values = {};
      let last = 0;
      for (const at of instants) {
        const values = m.valuesAt(at);
        const restarted = restart !== undefined && last < restart && at >= restart;
        for (const [key, value] of Object.entries(values) as [MeasurandName, number][]) {
          const sound = isCounter(key) ? Number.isSafeInteger(value) : Number.isFinite(value);
          const forward = !isCounter(key) || restarted || value >= (before[key] ?? 0);
          if (!sound || !forward) wrong.push(`${name} ${key} ${value} at ${new Date(at).toISOString()}`);
        }
        before = values;
        last = at;
      }
    }
    expect(wrong).toEqual([]);
  });

  it('agrees between power and counter at any instant: the counter is the integral of the power', () => {
    for (const key of ['T1', 'COLD-POS', 'LINE-1', 'HOT-WATER']) {
      const m = model.site('laval').meter(key);
      const from = Date.UTC(2026, 4, 6, 6, 3, 20);
      const n = 3600;
      let integral_wh = 0;
      for (let i = 0; i < n; i++)
        integral_wh += (m.valuesAt(from + i * 1000 + 500).active_power_w ?? 0) / 3600;
      const index = (at: number): number => m.valuesAt(at).active_energy_import_wh ?? Number.NaN;
      expect(index(from + n * 1000) - index(from)).toBeCloseTo(integral_wh, -1);
    }
  });

  it('joins neighbouring steps without a jump, and never falls below zero', () => {
    for (const key of ['rennes', 'zaragoza']) {
      for (const m of model.site(key).meters) {
        if (m.meter.source.kind !== 'electric') continue;
        for (let k = 0; k < 60; k++) {
          const boundary = Date.UTC(2026, 5, 3, 3) + k * step_ms;
          const before = m.valuesAt(boundary - 1).active_power_w ?? 0;
          const after = m.valuesAt(boundary).active_power_w ?? 0;
          expect(Math.abs(after - before)).toBeLessThan(0.002 * m.meter.source.rated_a * 700 + 1);
          const sense = m.meter.source.outward ? -1 : 1;
          if (!m.meter.source.grid) expect(sense * after).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });

  it('saves 6 % at Laval from the reporting period on, and nothing at its twin', () => {
    const before = options.reportingFrom_ms - 30 * day_ms;
    const after = options.reportingFrom_ms + 30 * day_ms;
    const laval = model.site('laval');
    const saved = (from: number, to: number): number => {
      const t = laval.truth(from, to);
      return 1 - t.electricity_wh / t.electricityWithoutSaving_wh;
    };
    expect(saved(before, options.reportingFrom_ms)).toBe(0);
    expect(saved(options.reportingFrom_ms, after)).toBeCloseTo(0.06, 3);
    const unsaved = plantModelOf(demoPlant({ ...options, reportingFrom_ms: Date.UTC(2030, 0, 1) })).site(
      'laval',
    );
    const would = unsaved.truth(options.reportingFrom_ms, after).electricity_wh;
    expect(laval.truth(options.reportingFrom_ms, after).electricity_wh / would).toBeCloseTo(0.94, 4);
    const rennes = model.site('rennes').truth(options.reportingFrom_ms, after);
    expect(rennes.electricity_wh).toBe(rennes.electricityWithoutSaving_wh);
  });

  it('balances generation: what is made is used or exported, some of it is exported', () => {
    const truth = model.site('zaragoza').truth(Date.UTC(2026, 5, 1), Date.UTC(2026, 6, 1));
    expect(truth.generation_wh).toBeGreaterThan(50e6);
    expect(truth.gridExport_wh).toBeGreaterThan(0.02 * truth.generation_wh);
    expect(truth.gridImport_wh + truth.selfConsumed_wh).toBeCloseTo(truth.electricity_wh, 3);
    const main = model.site('zaragoza').meter('T1');
    expect(main.truth(Date.UTC(2026, 5, 1), Date.UTC(2026, 6, 1), 'outward')).toBeCloseTo(
      truth.gridExport_wh,
      3,
    );
  });
});

describe('devices', { timeout: 60_000 }, () => {
  it('can show every value of the plant: registers give back what the meter measured', () => {
    const instant = Date.UTC(2026, 9, 7, 8, 12, 40);
    for (const { site, name, model: m } of everyMeter) {
      const { device } = m.meter;
      const profile = findProfile(device.profileId);
      if (!profile) throw new Error(name);
      const neighbours = model
        .site(site.key)
        .meters.filter(
          (n) => n.meter.device.lineKey === device.lineKey && n.meter.device.unit === device.unit,
        )
        .map((n) => ({ values: n.valuesAt(instant), settings: n.meter.device.settings }));
      const words = encode(profile, neighbours);
      const decoded = decode(profile, { words }, device.settings);
      const brief = briefOf(m, instant);
      const full = m.valuesAt(instant);
      for (const measurand of m.briefMeasurands)
        expect(decoded.values[measurand], `${name} ${measurand}`).toBeCloseTo(
          shownValue(m.meter, measurand)(brief[measurand] ?? Number.NaN),
          6,
        );
      for (const measurand of m.briefMeasurands)
        expect(brief[measurand]).toBeCloseTo(full[measurand] ?? Number.NaN, 6);
    }
  });

  it('rolls one counter over within the demo', () => {
    const m = model.site('le-mans').meter('HEAT');
    const modulus = counterModulus(
      findProfile('ime-conto-d2') as NonNullable<ReturnType<typeof findProfile>>,
      'active_energy_import_wh',
      {},
    );
    const index = (at: number): number => m.valuesAt(at).active_energy_import_wh ?? Number.NaN;
    expect(index(options.start_ms)).toBeLessThan(modulus ?? 0);
    expect(index(end_ms)).toBeGreaterThan(modulus ?? Number.POSITIVE_INFINITY);
    expect(shownValue(m.meter, 'active_energy_import_wh')(index(end_ms))).toBeLessThan(modulus ?? 0);
  });

  it('sees a reversed transformer as negative power on one phase only', () => {
    const m = model.site('augsburg').meter('PACK');
    const from = m.meter.incidents.reversedPhase?.from_ms ?? 0;
    const before = m.valuesAt(from - 60_000);
    const after = m.valuesAt(from + 60_000);
    expect(before.active_power_l2_w).toBeGreaterThan(0);
    expect(after.active_power_l2_w).toBeLessThan(0);
    expect(after.active_power_l1_w).toBeGreaterThan(0);
    expect(after.active_power_w).toBeGreaterThan(0);
    expect(after.active_power_w).toBeLessThan(0.5 * (before.active_power_w ?? 0));
  });

  it('keeps every chain inside its class', () => {
    for (const { site, model: m } of everyMeter) {
      const gain = gainOf(m.meter, seedOf(seedOf(plant.seed, site.key), `meter ${m.meter.key}`));
      const limit = Math.sqrt(m.meter.accuracy.reduce((sum, p) => sum + p.class * p.class, 0)) / 100;
      expect(Math.abs(gain - 1)).toBeLessThanOrEqual(limit);
    }
  });
});
