import type { ProfileFinder } from '../catalogue.ts';
import { columnsOf } from '../column.ts';
import type { LineFinding, LineForecast, LineSettings, PlannedMeter } from '../line/line-forecast.ts';
import { forecastLine } from '../line/line-forecast.ts';
import { checkModules, memoryModule } from '../product/control-units.ts';
import { checkSupply } from '../product/interfaces.ts';
import { findProduct } from '../product/product-catalogue.ts';
import { type DeviceProfile, inputsOf, pointsOf } from '../profile.ts';
import { pulseInputTypes } from '../profiles/legrand-concentrator.ts';
import { checkPulseSettings, type PulseFinding } from '../wiring/pulse-input.ts';
import type { ConfigurationPlan, LinePlan, MeterPlan } from './plan.ts';

/** Most lines of a gateway, and most meters: beyond them one process is not the right tool. */
export const planLimits = { lines: 64, meters: 2000 } as const;

export type PlanFindingCode =
  | LineFinding['code']
  | 'lineTwice'
  | 'placeTwice'
  | 'wireMissing'
  | 'tooManyMeters'
  | 'keyTwice'
  | 'unknownProfile'
  | 'unknownProduct'
  | 'noModbus'
  | 'otherProfile'
  | 'twoProfiles'
  | 'unknownSetting'
  | 'badSetting'
  | 'notDelivered'
  | 'moduleRule'
  | 'supplyRule'
  | 'memoryMissing'
  | PulseFinding['code']
  | 'tariffNotElectric'
  | 'tariffOwnInput'
  | 'tariffInputCounts';

/** What speaks against a plan: line, meter, field and reason. An error must be put right; a warning may stand. */
export interface PlanFinding {
  readonly code: PlanFindingCode;
  readonly severity: 'error' | 'warning';
  /** Key of the line; null where it concerns the gateway. */
  readonly line: string | null;
  /** Keys of the meters; empty where it concerns the line. */
  readonly meters: readonly string[];
  readonly field: string;
  readonly message: string;
  /** What the message says, for other languages. */
  readonly data: Readonly<Record<string, number | string>>;
}

export interface PlanCheck {
  readonly findings: readonly PlanFinding[];
  /** By key of the line; lines whose profiles are not all known have none. */
  readonly forecasts: ReadonlyMap<string, LineForecast>;
}

/** Settings that are no point of a profile. */
const generalSettings: ReadonlySet<string> = new Set([
  'input',
  'export_possible',
  'power_w_max',
  'current_a_max',
  'phases',
  'voltage_v',
  'rate_per_s_max',
]);
/** Settings that only pulses have. */
const pulseSettings: ReadonlySet<string> = new Set([
  'pulse_duration_ms',
  'start_index',
  'start_count',
  ...[1, 2].flatMap((tariff) => [`start_index_tariff_${tariff}`, `start_count_tariff_${tariff}`]),
]);
/** Settings that scale values: zero or less would make nonsense of every reading. */
const positiveSettings: ReadonlySet<string> = new Set([
  'ct_ratio',
  'vt_ratio',
  'pulse_weight',
  'pulse_duration_ms',
  'power_w_max',
  'current_a_max',
  'voltage_v',
  'rate_per_s_max',
]);
/** Settings that take these values only. */
const choices: Readonly<Record<string, readonly number[]>> = { phases: [1, 3], export_possible: [0, 1] };

/**
 * Everything that speaks against a plan before it is sent: names and addresses used twice, products without Modbus,
 * profiles and settings that do not exist, values that a profile cannot deliver, slot and supply rules, and for every line
 * its load, its capacity and the settings that its devices do not share.
 */
export function checkPlan(plan: ConfigurationPlan, findProfile: ProfileFinder): PlanCheck {
  const findings: PlanFinding[] = [...namesTwice(plan), ...supplyFindings(plan)];
  const forecasts = new Map<string, LineForecast>();
  const count = plan.lines.reduce((sum, line) => sum + line.meters.length, 0);
  if (count > planLimits.meters || plan.lines.length > planLimits.lines)
    findings.push({
      ...about(null, [], 'lines'),
      code: 'tooManyMeters',
      message: `a gateway reads at most ${planLimits.meters} meters on ${planLimits.lines} lines, not ${count} on ${plan.lines.length}`,
      data: { count, most: planLimits.meters, lines: plan.lines.length, mostLines: planLimits.lines },
    });
  for (const line of plan.lines) {
    if (line.place.kind !== 'tcp' && line.wire === null)
      findings.push({
        ...about(line, [], 'wire'),
        code: 'wireMissing',
        message: `line ${line.key} is a serial line: it needs baud rate, parity and stop bits`,
        data: { line: line.name },
      });
    findings.push(...line.meters.flatMap((meter) => meterFindings(line, meter, findProfile)));
    findings.push(...profilesOfUnits(line));
    const planned = plannedMeters(plan, line, findProfile);
    if (!planned) continue;
    const forecast = forecastLine(lineSettings(line), planned);
    forecasts.set(line.key, forecast);
    findings.push(...forecast.findings.map((finding) => ofLine(line, finding)));
  }
  return { findings: bySeverity(findings), forecasts };
}

const about = (
  line: LinePlan | null,
  meters: readonly string[],
  field: string,
): Pick<PlanFinding, 'line' | 'meters' | 'field' | 'severity'> => ({
  line: line?.key ?? null,
  meters,
  field,
  severity: 'error',
});

const bySeverity = (findings: readonly PlanFinding[]): PlanFinding[] => [
  ...findings.filter((f) => f.severity === 'error'),
  ...findings.filter((f) => f.severity === 'warning'),
];

/** Where a line is plugged in, as people write it. */
export const placeText = (place: LinePlan['place']): string =>
  place.kind === 'serial' ? place.path : `${place.host}:${place.port}`;

function namesTwice({ lines }: ConfigurationPlan): PlanFinding[] {
  const findings: PlanFinding[] = [];
  for (const [key, sharing] of Map.groupBy(lines, (line) => line.key))
    if (sharing.length > 1)
      findings.push({
        ...about(sharing[0] ?? null, [], 'key'),
        code: 'lineTwice',
        message: `${sharing.length} lines have the key ${key}`,
        data: { key, count: sharing.length },
      });
  for (const [place, sharing] of Map.groupBy(lines, (line) => placeText(line.place)))
    if (sharing.length > 1)
      findings.push({
        ...about(sharing[1] ?? null, [], 'place'),
        code: 'placeTwice',
        message: `${place} is given to the lines ${sharing.map((l) => l.name).join(' and ')}`,
        data: { place, lines: sharing.map((l) => l.name).join(', ') },
      });
  const meters = lines.flatMap((line) => line.meters.map((meter) => ({ line, meter })));
  for (const [key, sharing] of Map.groupBy(meters, ({ meter }) => meter.key))
    if (sharing.length > 1)
      findings.push({
        ...about(sharing[1]?.line ?? null, [key], 'key'),
        code: 'keyTwice',
        message: `${sharing.length} meters have the key ${key}: ${sharing.map(({ meter }) => meter.name).join(', ')}`,
        data: { key, count: sharing.length, meters: sharing.map(({ meter }) => meter.name).join(', ') },
      });
  return findings;
}

function meterFindings(line: LinePlan, meter: MeterPlan, findProfile: ProfileFinder): PlanFinding[] {
  const findings: PlanFinding[] = [];
  const say = (
    code: PlanFindingCode,
    field: string,
    message: string,
    more: Partial<Pick<PlanFinding, 'data' | 'severity'>> = {},
  ): void => {
    findings.push({
      ...about(line, [meter.key], field),
      code,
      message: `${meter.name}: ${message}`,
      ...more,
      data: { meter: meter.name, ...more.data },
    });
  };
  const profile = findProfile(meter.profileId);
  if (!profile)
    say('unknownProfile', 'profileId', `no profile is named ${meter.profileId}`, {
      data: { profile: meter.profileId },
    });
  const product = meter.product === null ? undefined : findProduct(meter.product);
  if (meter.product !== null && !product)
    say('unknownProduct', 'product', `${meter.product} is not in the catalogue`, {
      data: { product: meter.product },
      severity: 'warning',
    });
  if (product && product.profileIds.length === 0)
    say('noModbus', 'product', `${product.catalogueNumber} has no Modbus of its own`, {
      data: { product: product.catalogueNumber },
    });
  else if (product && profile && !profile.id.startsWith('own-') && !product.profileIds.includes(profile.id))
    say('otherProfile', 'profileId', `${profile.title} is not made for ${product.catalogueNumber}`, {
      data: { product: product.catalogueNumber, profile: profile.title },
      severity: 'warning',
    });
  if (product?.kind === 'controlUnit')
    for (const { code, message, severity, data } of checkModules(product.catalogueNumber, meter.modules))
      say('moduleRule', 'modules', message, { severity, data: { ...data, rule: code } });
  if (profile?.memory && !meter.modules.some((m) => m.catalogueNumber === memoryModule))
    say('memoryMissing', 'modules', `${profile.title} needs ${memoryModule} in slot A`, {
      severity: 'warning',
      data: { profile: profile.title, module: memoryModule },
    });
  if (profile) findings.push(...settingFindings(line, meter, profile));
  if (profile?.points.some((point) => point.countsPulses)) {
    for (const { code, message, severity, data } of checkPulseSettings(meter.settings))
      say(code, 'settings.pulse_weight', message, { severity, data });
    findings.push(...tariffFindings(line, meter));
  }
  return findings;
}

function settingFindings(line: LinePlan, meter: MeterPlan, profile: DeviceProfile): PlanFinding[] {
  const findings: PlanFinding[] = [];
  const points = pointsOf(profile, meter.settings.input);
  const known = new Set(points.map((p) => p.key));
  const countsPulses = points.some((p) => p.countsPulses);
  for (const [key, value] of Object.entries(meter.settings)) {
    const field = `settings.${key}`;
    const data = { meter: meter.name, setting: key, value, profile: profile.title };
    if (!known.has(key) && !generalSettings.has(key) && !(countsPulses && pulseSettings.has(key)))
      findings.push({
        ...about(line, [meter.key], field),
        code: 'unknownSetting',
        message: `${meter.name}: ${profile.title} has no setting ${key}`,
        data,
      });
    const range = points.find((p) => p.key === key)?.range;
    const allowed = choices[key] ?? points.find((p) => p.key === key)?.allowed;
    const isOutside =
      (range !== undefined && (value < range.min || value > range.max)) || allowed?.includes(value) === false;
    if (isOutside || (positiveSettings.has(key) && !(value > 0)))
      findings.push({
        ...about(line, [meter.key], field),
        code: 'badSetting',
        message: `${meter.name}: ${key} cannot be ${value}${
          allowed
            ? `, only ${allowed.join(', ')}`
            : range
              ? `, only ${range.min} to ${range.max}`
              : ': it must be above 0'
        }`,
        data: { ...data, min: range?.min ?? 0, max: range?.max ?? '' },
      });
  }
  const delivered = columnsOf(profile, meter.settings).map((c) => c.measurand as string);
  if (meter.measurand !== null && !delivered.includes(meter.measurand))
    findings.push({
      ...about(line, [meter.key], 'measurand'),
      code: 'notDelivered',
      message: `${meter.name}: ${profile.title} does not deliver ${meter.measurand}`,
      data: { meter: meter.name, measurand: meter.measurand, profile: profile.title },
    });
  return findings;
}

/** The contact that tells a tariff is an input of the same device that counts nothing itself. */
function tariffFindings(line: LinePlan, meter: MeterPlan): PlanFinding[] {
  const { tariff_input, input, input_type } = meter.settings;
  if (!tariff_input) return [];
  const say = (
    code: 'tariffNotElectric' | 'tariffOwnInput' | 'tariffInputCounts',
    message: string,
    data: PlanFinding['data'] = {},
  ): PlanFinding => ({
    ...about(line, [meter.key], 'settings.tariff_input'),
    code,
    message: `${meter.name}: ${message}`,
    data: { meter: meter.name, input: tariff_input, ...data },
  });
  const findings: PlanFinding[] = [];
  if (input_type !== undefined && input_type !== pulseInputTypes.electricity)
    findings.push(say('tariffNotElectric', 'only pulses of electricity have tariffs'));
  if (tariff_input === input)
    findings.push(say('tariffOwnInput', `input ${tariff_input} cannot tell the tariff of its own pulses`));
  const counting = line.meters.find(
    (m) => m !== meter && m.unit === meter.unit && m.settings.input === tariff_input,
  );
  if (counting)
    findings.push(
      say('tariffInputCounts', `input ${tariff_input} counts ${counting.name} and cannot tell a tariff`, {
        other: counting.name,
      }),
    );
  return findings;
}

/** A device is read with one profile: two at one address are a slip, unlike two inputs of one device. */
function profilesOfUnits(line: LinePlan): PlanFinding[] {
  return [...Map.groupBy(line.meters, (meter) => meter.unit)].flatMap(([unit, meters]): PlanFinding[] => {
    const ids = new Set(meters.map((m) => m.profileId));
    if (ids.size < 2) return [];
    const names = meters.map((m) => m.name).join(', ');
    return [
      {
        ...about(
          line,
          meters.map((m) => m.key),
          'profileId',
        ),
        code: 'twoProfiles',
        message: `address ${unit} is read with ${ids.size} profiles: ${names}`,
        data: { address: unit, meters: names },
      },
    ];
  });
}

function supplyFindings({ lines }: ConfigurationPlan): PlanFinding[] {
  const fed = lines.flatMap((line) =>
    line.meters.flatMap((meter) => (meter.supply ? [{ line, meter, supply: meter.supply }] : [])),
  );
  return [...Map.groupBy(fed, ({ supply }) => supply.name)].flatMap(([name, units]) => {
    const count = (unit: 'mp4' | 'mp6'): number => units.filter((u) => u.supply.unit === unit).length;
    return checkSupply({ mp4: count('mp4'), mp6: count('mp6') }).map(
      ({ code, message, data }): PlanFinding => ({
        ...about(
          units[0]?.line ?? null,
          units.map((u) => u.meter.key),
          'supply',
        ),
        code: 'supplyRule',
        message: `supply ${name}: ${message}`,
        data: { ...data, supply: name, rule: code },
      }),
    );
  });
}

/** How the forecast sees a line; behind a converter the serial side sets the pace. */
export const lineSettings = ({ place, wire }: LinePlan): LineSettings => ({
  transport: place.kind === 'serial' ? 'serial' : wire ? 'converter' : 'network',
  mode: wire?.mode ?? 'rtu',
  baud: wire?.baud ?? 19_200,
  parity: wire?.parity ?? 'none',
  stopBits: wire?.stopBits ?? 1,
  ...(wire?.length_m ? { length_m: wire.length_m } : {}),
  repeaters: wire?.repeaters ?? 0,
});

function plannedMeters(
  plan: ConfigurationPlan,
  line: LinePlan,
  findProfile: ProfileFinder,
): PlannedMeter[] | undefined {
  const planned: PlannedMeter[] = [];
  for (const meter of line.meters) {
    const profile = findProfile(meter.profileId);
    if (!profile) return undefined;
    const communication = meter.product === null ? undefined : findProduct(meter.product)?.communication;
    const { input } = meter.settings;
    planned.push({
      name: meter.key,
      unitAddress: meter.unit,
      profile,
      period_s: meter.period_s ?? plan.pollPeriod_s,
      ...groupPeriodsOf(plan, meter),
      ...(communication ? { communication } : {}),
      ...(input === undefined || inputsOf(profile).length === 0 ? {} : { input }),
    });
  }
  return planned;
}

/** A meter with a period of its own is read by that, whatever the gateway's rate groups. */
const groupPeriodsOf = (
  { fastPeriod_s, slowPeriod_s }: ConfigurationPlan,
  { period_s }: MeterPlan,
): Pick<PlannedMeter, 'fastPeriod_s' | 'slowPeriod_s'> => ({
  ...(period_s === null && fastPeriod_s ? { fastPeriod_s } : {}),
  ...(period_s === null && slowPeriod_s ? { slowPeriod_s } : {}),
});

/** Fields of a line that the codes of its forecast speak of. */
const fieldOf: Readonly<Record<LineFinding['code'], string>> = {
  duplicateAddress: 'unit',
  addressOutOfRange: 'unit',
  addressBeyondModbus: 'unit',
  unknownInput: 'settings.input',
  tooManyDevices: 'meters',
  lineTooLong: 'wire.length_m',
  modeNotOffered: 'wire.mode',
  baudNotOffered: 'wire.baud',
  parityNotOffered: 'wire.parity',
  stopBitsNotOffered: 'wire.stopBits',
  overloaded: 'pollPeriod_s',
  nearlyFull: 'pollPeriod_s',
  slowTurnaround: 'pollPeriod_s',
};

/** What a device offers is known of its product; of a family that a profile serves it is an indication. */
const offers: ReadonlySet<LineFinding['code']> = new Set([
  'modeNotOffered',
  'baudNotOffered',
  'parityNotOffered',
  'stopBitsNotOffered',
]);

const isIndication = (line: LinePlan, { code, meters }: LineFinding): boolean =>
  offers.has(code) && line.meters.every((m) => !meters.includes(m.key) || m.product === null);

const ofLine = (line: LinePlan, finding: LineFinding): PlanFinding => ({
  code: finding.code,
  severity: isIndication(line, finding) ? 'warning' : finding.severity,
  line: line.key,
  meters: finding.meters,
  field: fieldOf[finding.code],
  message: `${line.name}: ${finding.message}`,
  data: finding.data,
});
