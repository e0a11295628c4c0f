import { pulseInputTypes, sensorPlacements, tripCauses } from '@wattproof/devices';
import type { Carrier, EnergyUse, MeasurandName, MeterRole } from '@wattproof/energy';
import type { Driver } from '../drivers.ts';
import type { Load } from '../load.ts';
import type {
  BreakerBehaviour,
  MeterIncidents,
  PlantCircuit,
  PlantLine,
  PlantMeter,
  PlantPanel,
  PlantSite,
  PlantZone,
} from '../plant.ts';

/** Kinds of loads: what people know about them, so that a site's definition only says how large they are. */
const characters = {
  motor: { dayNoise: 0.02, stepNoise: 0.03, ripple: 0.15, tanPhi: 0.62, thd_percent: 7 },
  compressor: { dayNoise: 0.022, stepNoise: 0.035, ripple: 0.3, tanPhi: 0.7, thd_percent: 9 },
  drive: { dayNoise: 0.02, stepNoise: 0.03, ripple: 0.3, tanPhi: 0.22, thd_percent: 32 },
  oven: { dayNoise: 0.02, stepNoise: 0.04, ripple: 0.35, tanPhi: 0.08, thd_percent: 4 },
  lamps: { dayNoise: 0.01, stepNoise: 0.012, ripple: 0.05, tanPhi: 0.3, thd_percent: 18 },
  office: { dayNoise: 0.03, stepNoise: 0.04, ripple: 0.3, tanPhi: 0.35, thd_percent: 38 },
  heater: { dayNoise: 0.03, stepNoise: 0.05, ripple: 0.6, tanPhi: 0.01, thd_percent: 2 },
  transformer: { dayNoise: 0, stepNoise: 0.01, ripple: 0, tanPhi: 4, thd_percent: 6 },
  sun: { dayNoise: 0, stepNoise: 0.02, ripple: 0.25, tanPhi: 0.02, thd_percent: 3 },
  flow: { dayNoise: 0.02, stepNoise: 0.04, ripple: 0.4, tanPhi: 0, thd_percent: 0 },
  exact: { dayNoise: 0, stepNoise: 0, ripple: 0, tanPhi: 0, thd_percent: 0 },
} as const satisfies Record<string, Omit<Load, 'key' | 'carrier' | 'under' | 'weights'>>;
export type Character = keyof typeof characters;

/** Weights by driver: kW, m³/h or kg/h. */
export type Weights = Partial<Record<Driver, number>>;

export interface MeterDraft {
  readonly key: string;
  readonly name: string;
  readonly use?: EnergyUse;
  readonly parent?: string;
  readonly circuit?: { readonly panel: string; readonly name: string; readonly rated_a: number };
  readonly zone?: string;
  readonly line: string;
  readonly unit: number;
  /** What hangs on it and no other meter sees. */
  readonly load?: readonly [Character, Weights];
  /** Electric: primary current of the transformers; 0 for a direct single-phase meter. */
  readonly ct_a?: number;
  readonly role?: MeterRole;
  readonly profileId?: 'ime-nemo-96hd' | 'control-unit-modules' | 'socomec-jbus' | 'ime-conto-d2';
  readonly input?: number;
  readonly pulse?: 'gas' | 'water' | 'production';
  readonly breaker?: { readonly of: string; readonly behaviour: BreakerBehaviour };
  readonly weather?: true;
  readonly generation?: true;
  readonly incidents?: Partial<MeterIncidents>;
  /** Its counter begins again at zero after so many more units. */
  readonly beforeRollover?: number;
}

export interface SiteDraft
  extends Omit<PlantSite, 'zones' | 'lines' | 'meters' | 'loads' | 'customGateway' | 'saving'> {
  readonly structure: readonly { readonly name: string; readonly panels: readonly string[] }[];
  readonly lines: readonly Omit<PlantLine, 'portOffset'>[];
  /** Loads that no meter but the site's main sees. */
  readonly unmetered: Readonly<Record<string, readonly [Character, Weights]>>;
  readonly meters: readonly MeterDraft[];
  readonly saving?: PlantSite['saving'];
  readonly customGateway?: PlantSite['customGateway'];
}

/** A site of its draft: circuits found in the panels, loads seen by each meter, devices with their settings. */
export function siteOf(draft: SiteDraft, nextPort: () => number): PlantSite {
  const { structure, unmetered, meters: drafts, saving, customGateway, ...rest } = draft;
  const loads = [...drafts.flatMap(loadOfMeter), ...unmeteredLoads(drafts, unmetered)];
  const circuits = new Map<string, PlantCircuit>();
  for (const m of drafts) {
    if (!m.circuit) continue;
    circuits.set(circuitKey(m.circuit), {
      key: circuitKey(m.circuit),
      name: m.circuit.name,
      ratedCurrent_a: m.circuit.rated_a,
      energyUse: m.use,
    });
  }
  const panelOfCircuit = new Map(
    drafts.flatMap((m) => (m.circuit ? [[circuitKey(m.circuit), m.circuit.panel] as const] : [])),
  );
  const zones: PlantZone[] = structure.map((zone) => ({
    key: zone.name,
    name: zone.name,
    panels: zone.panels.map(
      (panel): PlantPanel => ({
        key: panel,
        name: panel,
        circuits: [...circuits.values()].filter((c) => panelOfCircuit.get(c.key) === panel),
      }),
    ),
  }));
  const generating = loads.some((l) => l.carrier === 'pv');
  const seenBy = (key: string): string[] => {
    const below = drafts.filter((m) => m.parent === key && !m.generation).map((m) => m.key);
    return [
      ...loads.filter((l) => l.under === key && l.carrier !== 'pv').map((l) => l.key),
      ...below.flatMap(seenBy),
    ];
  };
  const loadsBehind = (of: string): string[] => (loads.some((l) => l.key === of) ? [of] : seenBy(of));
  const meters = drafts.map((m) =>
    meterOf(withDeviceOutages(m, drafts), { draft, zones, seenBy, loadsBehind, generating }),
  );
  return {
    ...rest,
    loads,
    zones,
    meters,
    lines: draft.lines.map((line) => ({ ...line, portOffset: line.transport === 'tcp' ? nextPort() : -1 })),
    ...(saving ? { saving } : {}),
    ...(customGateway ? { customGateway } : {}),
  };
}

/** Inputs of one device are silent together. */
function withDeviceOutages(m: MeterDraft, drafts: readonly MeterDraft[]): MeterDraft {
  const outages = drafts
    .filter((other) => other.line === m.line && other.unit === m.unit)
    .flatMap((other) => other.incidents?.outages ?? []);
  return outages.length > 0 ? { ...m, incidents: { ...m.incidents, outages } } : m;
}

const circuitKey = (c: { readonly panel: string; readonly name: string }): string => `${c.panel} / ${c.name}`;

function loadOfMeter(m: MeterDraft): Load[] {
  if (!m.load) return [];
  const [character, weights] = m.load;
  const carrier = m.generation ? 'pv' : (m.pulse ?? 'electricity');
  return [loadOf(m.key, m.key, carrier, character, weights)];
}

function unmeteredLoads(drafts: readonly MeterDraft[], unmetered: SiteDraft['unmetered']): Load[] {
  return Object.entries(unmetered).map(([place, [character, weights]]) => {
    // "main:name" hangs on the meter of that key; the name tells loads of one meter apart.
    const under = place.split(':')[0] as string;
    const meter = drafts.find((m) => m.key === under);
    if (!meter) throw new Error(`${place}: no such meter`);
    return loadOf(
      place,
      under,
      meter.pulse === 'gas' ? 'gas' : meter.pulse === 'water' ? 'water' : 'electricity',
      character,
      weights,
    );
  });
}

const loadOf = (
  key: string,
  under: string,
  carrier: Load['carrier'],
  character: Character,
  weights: Weights,
): Load => ({
  key,
  under,
  carrier,
  ...characters[character],
  // kW, m³/h and kg/h to W, l/h and g/h.
  weights: Object.fromEntries(Object.entries(weights).map(([d, w]) => [d, w * 1000])),
});

interface SiteContext {
  readonly draft: SiteDraft;
  readonly zones: readonly PlantZone[];
  readonly seenBy: (key: string) => string[];
  /** A breaker may stand before a single load that no meter sees alone. */
  readonly loadsBehind: (of: string) => string[];
  readonly generating: boolean;
}

function meterOf(m: MeterDraft, { draft, zones, seenBy, loadsBehind, generating }: SiteContext): PlantMeter {
  const zoneKey = m.zone ?? zones.find((z) => z.panels.some((p) => p.key === m.circuit?.panel))?.key;
  if (!zoneKey) throw new Error(`${draft.key} ${m.key}: in no zone`);
  const common = {
    key: m.key,
    name: m.name,
    energyUse: m.use,
    zoneKey,
    circuitKey: m.circuit && circuitKey(m.circuit),
    parentKey: m.parent,
    serialNumber: serialOf(draft.key, m),
    incidents: { outages: [], ...m.incidents },
    beforeRollover: m.beforeRollover,
  };
  const at = { lineKey: m.line, unit: m.unit };
  if (m.weather)
    return {
      ...common,
      role: 'variable',
      carrier: 'weather',
      measurand: undefined,
      readingPeriod_s: 60,
      rateMax_per_s: undefined,
      accuracy: [{ part: 'PT100', class: 0.5 }],
      device: {
        ...at,
        profileId: 'control-unit-pt100',
        settings: { input: 1, placement: sensorPlacements.outdoors },
      },
      source: { kind: 'weather' },
    };
  if (m.breaker)
    return {
      ...common,
      role: 'breaker',
      carrier: 'electricity',
      measurand: undefined,
      readingPeriod_s: 10,
      rateMax_per_s: undefined,
      accuracy: [],
      device: { ...at, profileId: 'breaker-dpx3', settings: m.breaker.behaviour === 'trips' ? lastTrip : {} },
      source: { kind: 'breaker', loads: loadsBehind(m.breaker.of), behaviour: m.breaker.behaviour },
    };
  if (m.pulse) return pulseMeter(m, common, at, seenBy(m.key));
  return electricMeter(m, common, at, {
    loads: m.generation ? [m.key] : seenBy(m.key),
    grid: generating && m.role === 'main',
  });
}

/** What the breaker remembers of its last trip: overload, on a Thursday morning. */
const lastTrip = {
  trip_year: 2025,
  trip_month: 6,
  trip_day: 12,
  trip_hour: 10,
  trip_minute: 42,
  trip_second: 7,
  trip_cause: tripCauses.overload,
};

type CommonPart = Pick<
  PlantMeter,
  | 'key'
  | 'name'
  | 'energyUse'
  | 'zoneKey'
  | 'circuitKey'
  | 'parentKey'
  | 'serialNumber'
  | 'incidents'
  | 'beforeRollover'
>;
type Place = Pick<PlantMeter['device'], 'lineKey' | 'unit'>;

/** Pulse weights in litres or grams, and what the pipe or the belt can carry at most, per second. */
const pulses = {
  gas: {
    weight: 100,
    type: pulseInputTypes.volume,
    rateMax_per_s: 120,
    class: 1,
    carrier: 'gas',
    measurand: 'volume_l',
  },
  water: {
    weight: 10,
    type: pulseInputTypes.volume,
    rateMax_per_s: 30,
    class: 2,
    carrier: 'water',
    measurand: 'volume_l',
  },
  production: {
    weight: 1000,
    type: pulseInputTypes.production,
    rateMax_per_s: 20_000,
    class: 0.5,
    carrier: 'production',
    measurand: 'production_g',
  },
} as const;

function pulseMeter(m: MeterDraft, common: CommonPart, at: Place, loads: readonly string[]): PlantMeter {
  const pulse = pulses[m.pulse ?? 'production'];
  const isVariable = pulse.measurand === 'production_g';
  return {
    ...common,
    role: m.role ?? (isVariable ? 'variable' : m.parent ? 'use' : 'main'),
    carrier: pulse.carrier,
    measurand: pulse.measurand,
    readingPeriod_s: 30,
    rateMax_per_s: pulse.rateMax_per_s,
    accuracy: [{ part: isVariable ? 'scale' : 'meter', class: pulse.class }],
    device: {
      ...at,
      profileId: 'legrand-concentrator',
      settings: { input: m.input ?? 1, input_type: pulse.type, pulse_weight: pulse.weight },
    },
    source: { kind: 'pulse', loads, measurand: pulse.measurand },
  };
}

function electricMeter(
  m: MeterDraft,
  common: CommonPart,
  at: Place,
  seen: { readonly loads: readonly string[]; readonly grid: boolean },
): PlantMeter {
  const direct = m.profileId === 'ime-conto-d2';
  const primary_a = m.ct_a ?? 63;
  const carrier: Carrier = m.generation ? 'pv' : 'electricity';
  const measurand: MeasurandName = m.generation ? 'active_energy_export_wh' : 'active_energy_import_wh';
  const peak_w = (direct ? 230 : 400 * Math.sqrt(3)) * primary_a * 1.2;
  return {
    ...common,
    role: m.role ?? (m.generation ? 'generation' : 'use'),
    carrier,
    measurand,
    readingPeriod_s: 10,
    rateMax_per_s: Math.ceil((peak_w / 3600) * 10) / 10,
    accuracy: direct
      ? [{ part: 'meter', class: 1 }]
      : [
          { part: 'meter', class: m.role === 'main' ? 0.5 : 1 },
          { part: 'CT', class: 0.5 },
        ],
    device: {
      ...at,
      profileId: m.profileId ?? 'ime-nemo-96hd',
      settings: {
        ...(m.profileId !== 'socomec-jbus' && !direct ? { ct_ratio: primary_a / 5, vt_ratio: 1 } : {}),
        // Negative power is a fact here, not a transformer the wrong way round.
        ...(seen.grid || m.generation ? { export_possible: 1 } : {}),
      },
    },
    source: {
      kind: 'electric',
      phases: direct ? 1 : 3,
      loads: seen.loads,
      grid: seen.grid,
      outward: m.generation === true,
      rated_a: primary_a,
    },
  };
}

/** A serial number as a type plate has it: stable, different for each meter. */
function serialOf(siteKey: string, m: MeterDraft): string {
  let n = 7;
  for (const c of `${siteKey} ${m.key}`) n = (Math.imul(n, 131) + (c.codePointAt(0) ?? 0)) >>> 0;
  const year = 17 + (n % 8);
  return `${year}${String(n % 10_000_000).padStart(7, '0')}`;
}
