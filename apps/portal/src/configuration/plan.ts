import type { ConfigurationPlanBody, DeviceCatalogue, SiteStructure } from '@wattproof/contracts/api';
import { findMeasurand } from '@wattproof/energy';

export type Plan = ConfigurationPlanBody;
export type LineOfPlan = Plan['lines'][number];
export type MeterOfPlan = LineOfPlan['meters'][number];

/** What an editor must know of the catalogue: names, trust, what may be set and counted. */
export interface ProfileChoice {
  readonly id: string;
  readonly title: string;
  readonly trust: string;
  readonly notice: string | null;
  readonly counters: readonly string[];
  readonly inputs: readonly number[];
  readonly settings: readonly string[];
  /** Whether it counts the pulses of other meters: then these have a start, a duration and tariffs. */
  readonly countsPulses: boolean;
}
export interface ProductChoice {
  readonly catalogueNumber: string;
  readonly title: string;
  readonly profileIds: readonly string[];
  readonly takesModules: boolean;
  readonly isFed: boolean;
}
export interface PlaceChoice {
  readonly id: string;
  readonly name: string;
}
export interface Choices {
  readonly profiles: readonly ProfileChoice[];
  readonly products: readonly ProductChoice[];
  readonly modules: readonly PlaceChoice[];
  readonly zones: readonly PlaceChoice[];
  readonly circuits: readonly PlaceChoice[];
}

/** Keeps of catalogue and structure what the editor offers: the rest would travel for nothing. */
export const choicesOf = (catalogue: DeviceCatalogue, structure: SiteStructure): Choices => ({
  profiles: catalogue.profiles.map((profile) => ({
    id: profile.id,
    title: profile.title,
    trust: profile.trust,
    notice: profile.notice,
    counters: profile.measurands.filter((name) => findMeasurand(name)?.kind === 'counter'),
    inputs: profile.inputs,
    settings: [...new Set(profile.points.filter((p) => p.measurands.length === 0).map((p) => p.key))],
    countsPulses: profile.points.some((p) => p.key === 'pulse_weight'),
  })),
  products: catalogue.products
    .filter((product) => product.profileIds.length > 0 && product.kind !== 'module')
    .map(({ catalogueNumber, title, profileIds, needs }) => ({
      catalogueNumber,
      title,
      profileIds,
      takesModules: catalogueNumber === '4 120 53',
      isFed: needs.includes('0 288 06'),
    })),
  modules: catalogue.products
    .filter((product) => product.kind === 'module')
    .map((product) => ({
      id: product.catalogueNumber,
      name: `${product.catalogueNumber}, ${product.title}`,
    })),
  zones: structure.zones.map(({ id, name }) => ({ id, name })),
  circuits: structure.zones.flatMap((zone) =>
    zone.panels.flatMap((panel) =>
      panel.circuits.map(({ id, name }) => ({ id, name: `${panel.name}, ${name}` })),
    ),
  ),
});

const generalSettings = ['export_possible', 'power_w_max', 'current_a_max', 'phases', 'voltage_v'] as const;
const pulseSettings = [
  'pulse_duration_ms',
  'start_index',
  'start_count',
  'start_index_tariff_1',
  'start_count_tariff_1',
  'start_index_tariff_2',
  'start_count_tariff_2',
] as const;

/** What may be set of a meter that is read with a profile. */
export const settingsOf = (profile: ProfileChoice | undefined): readonly string[] => [
  ...(profile?.settings ?? []),
  ...(profile?.countsPulses ? pulseSettings : []),
  ...generalSettings,
];

export const emptyPlan: Plan = { pollPeriod_s: 10, fastPeriod_s: null, slowPeriod_s: null, lines: [] };

/** The first name of the form `prefix1`, `prefix2`, … that is free. */
export function freeKey(prefix: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) if (!taken.includes(`${prefix}${n}`)) return `${prefix}${n}`;
}

export const newLine = (plan: Plan): LineOfPlan => ({
  key: freeKey(
    'line-',
    plan.lines.map((line) => line.key),
  ),
  name: '',
  place: { kind: 'serial', path: '/dev/ttyUSB0' },
  wire: standardWire,
  timeout_ms: 300,
  meters: [],
});

/** The guide's advice: RTU, no parity, one stop bit; 9600 baud, which every device of it has. */
export const standardWire: NonNullable<LineOfPlan['wire']> = {
  mode: 'rtu',
  baud: 9600,
  parity: 'none',
  stopBits: 1,
  length_m: null,
  repeaters: 0,
};

export function newMeter(plan: Plan, line: LineOfPlan, choices: Choices): MeterOfPlan {
  const units = new Set(line.meters.map((m) => m.unit));
  const unit = Array.from({ length: 247 }, (_, i) => i + 1).find((n) => !units.has(n)) ?? 1;
  const last = line.meters.at(-1);
  const profile = choices.profiles.find((p) => p.id === last?.profileId) ?? choices.profiles[0];
  return {
    key: freeKey(
      'M',
      plan.lines.flatMap((l) => l.meters.map((m) => m.key)),
    ),
    name: '',
    unit,
    product: last?.product ?? null,
    profileId: profile?.id ?? '',
    settings: {},
    modules: [],
    supply: null,
    period_s: null,
    carrier: last?.carrier ?? 'electricity',
    energyUse: null,
    measurand: profile?.counters[0] ?? null,
    zoneId: last?.zoneId ?? null,
    circuitId: null,
  };
}

export const withLine = (plan: Plan, at: number, line: LineOfPlan): Plan => ({
  ...plan,
  lines: plan.lines.map((l, i) => (i === at ? line : l)),
});

/** Why a plan cannot even be checked yet: names that are not written. */
export const isWritten = (plan: Plan): boolean =>
  plan.lines.every(
    (line) =>
      line.key.trim() !== '' &&
      line.name.trim() !== '' &&
      (line.place.kind === 'serial' ? line.place.path.trim() !== '' : line.place.host.trim() !== '') &&
      line.meters.every((m) => m.key.trim() !== '' && m.name.trim() !== ''),
  );
