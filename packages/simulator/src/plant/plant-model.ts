import { type LoadSeries, loadSeriesOf } from './load-series.ts';
import { type MeterModel, modelOf } from './meter-model.ts';
import { seedOf } from './noise.ts';
import type { DemoPlant, PlantSite } from './plant.ts';
import { weatherOf } from './weather.ts';

/** Exact energies of a site over [from, to), without any meter's error. */
export interface SiteTruth {
  readonly gridImport_wh: number;
  readonly gridExport_wh: number;
  readonly generation_wh: number;
  /** Import − export + generation. */
  readonly electricity_wh: number;
  readonly selfConsumed_wh: number;
  /** What it would have been without the site's saving. */
  readonly electricityWithoutSaving_wh: number;
  readonly gas_l: number;
  readonly water_l: number;
  readonly production_g: number;
}

/** A site that can be asked at any instant. */
export interface SiteModel {
  readonly site: PlantSite;
  readonly meters: readonly MeterModel[];
  readonly meter: (key: string) => MeterModel;
  readonly truth: (from_ms: number, to_ms: number) => SiteTruth;
  /** Energy of one load, Wh, l or g. */
  readonly loadTruth: (key: string, from_ms: number, to_ms: number) => number;
  readonly outdoor_c: (at_ms: number) => number;
}

/** The model of one site; its series are computed as far as they are asked for. */
export function siteModelOf(plant: DemoPlant, site: PlantSite): SiteModel {
  const series = loadSeriesOf(site, plant);
  const weather = weatherOf(site.climate, plant.seed);
  const context = { site, series, weather, seed: seedOf(plant.seed, site.key), start_ms: plant.start_ms };
  const meters = site.meters.map((m) => modelOf(m, context));
  const byKey = new Map(meters.map((m) => [m.meter.key, m]));
  return {
    site,
    meters,
    meter(key) {
      const found = byKey.get(key);
      if (!found) throw new Error(`${site.key} has no meter ${key}`);
      return found;
    },
    truth: (from_ms, to_ms) => truthOf(plant, site, series, from_ms, to_ms),
    loadTruth: (key, from_ms, to_ms) => (totalAt(series, key, to_ms) - totalAt(series, key, from_ms)) / 1000,
    outdoor_c: weather.outdoor_c,
  };
}

const step_ms = 900_000;

/** Truth is told on whole steps, where totals are whole milliunits. */
function totalAt(series: LoadSeries, key: string, at_ms: number): number {
  if (at_ms % step_ms !== 0) throw new RangeError('the truth is told at whole quarter hours');
  return series.total(key, at_ms / step_ms);
}

function truthOf(
  plant: DemoPlant,
  site: PlantSite,
  series: LoadSeries,
  from_ms: number,
  to_ms: number,
): SiteTruth {
  const sum = (carrier: string, from = from_ms, to = to_ms): number =>
    site.loads
      .filter((l) => l.carrier === carrier)
      .reduce((total, l) => total + totalAt(series, l.key, to) - totalAt(series, l.key, from), 0) / 1000;
  const electricity_wh = sum('electricity');
  const generation_wh = sum('pv');
  const gridExport_wh =
    generation_wh > 0
      ? (totalAt(series, 'grid export', to_ms) - totalAt(series, 'grid export', from_ms)) / 1000
      : 0;
  const saved_from = Math.min(to_ms, Math.max(from_ms, plant.reportingFrom_ms));
  const share = site.saving?.share ?? 0;
  return {
    electricity_wh,
    generation_wh,
    gridExport_wh,
    gridImport_wh: electricity_wh - generation_wh + gridExport_wh,
    selfConsumed_wh: generation_wh - gridExport_wh,
    electricityWithoutSaving_wh:
      electricity_wh + sum('electricity', saved_from, to_ms) * (1 / (1 - share) - 1),
    gas_l: sum('gas'),
    water_l: sum('water'),
    production_g: sum('production'),
  };
}

/** Every site of the plant with its organisation, models made when first asked for. */
export function plantModelOf(plant: DemoPlant): {
  readonly site: (key: string) => SiteModel;
  readonly sites: readonly PlantSite[];
} {
  const sites = plant.organisations.flatMap((o) => o.sites);
  const models = new Map<string, SiteModel>();
  return {
    sites,
    site(key) {
      const known = models.get(key);
      if (known) return known;
      const site = sites.find((s) => s.key === key);
      if (!site) throw new Error(`the plant has no site ${key}`);
      const made = siteModelOf(plant, site);
      models.set(key, made);
      return made;
    },
  };
}
