import type { ConfigurationDiff } from '@wattproof/contracts/api';
import { formatNumber, measurandText, type PortalTranslator } from '@wattproof/messages';
import type { Choices } from './plan.ts';

type FieldChange = ConfigurationDiff['gateway'][number];

/** The text of each field of a plan; those of settings have their own catalogue. */
const fieldKeys = {
  pollPeriod_s: 'configuration.pollPeriod',
  fastPeriod_s: 'configuration.fastPeriod',
  slowPeriod_s: 'configuration.slowPeriod',
  name: 'configuration.name',
  line: 'configuration.change.line',
  'place.kind': 'configuration.kind',
  'place.path': 'configuration.path',
  'place.host': 'configuration.host',
  'place.port': 'configuration.port',
  wire: 'configuration.wire',
  'wire.mode': 'calc.line.mode',
  'wire.baud': 'calc.line.baud',
  'wire.parity': 'calc.line.parity',
  'wire.stopBits': 'calc.line.stop',
  'wire.length_m': 'calc.line.length',
  'wire.repeaters': 'calc.line.repeaters',
  timeout_ms: 'configuration.timeout',
  unit: 'configuration.address',
  product: 'configuration.product',
  profileId: 'configuration.profile',
  modules: 'configuration.modulesAll',
  supply: 'configuration.supply',
  'supply.name': 'configuration.supply',
  'supply.unit': 'configuration.supplyUnit',
  period_s: 'configuration.period',
  carrier: 'configuration.carrier',
  energyUse: 'configuration.use',
  measurand: 'configuration.measurand',
  zoneId: 'configuration.zone',
  circuitId: 'configuration.circuit',
} as const;

const units: Readonly<Record<string, string>> = { _s: 's', _ms: 'ms', _m: 'm' };
const unitOf = (field: string): string | undefined => units[/_(?:ms|s|m)$/.exec(field)?.[0] ?? ''];

/** A meter's setting as people read it; one of a table that somebody uploaded has its own name only. */
export function settingText(t: PortalTranslator, setting: string): string {
  const key = `setting.${setting}`;
  return t.has(key) ? t(key) : setting;
}

/** The values of a setting that are choices, and what each means; empty where it is a quantity. */
export const settingChoices = (
  t: PortalTranslator,
  setting: string,
): readonly { readonly id: string; readonly name: string }[] =>
  Array.from({ length: 10 }, (_, value) => `setting.${setting}.${value}`).flatMap((key, value) =>
    t.has(key) ? [{ id: String(value), name: t(key) }] : [],
  );

/** A field of a plan and what it was and is, in the words of the pages on which it is set. */
export function changeText(
  t: PortalTranslator,
  { field, before, after }: FieldChange,
  choices: Choices,
): string {
  const value = (content: unknown): string => valueText(t, field, content, choices);
  return t('configuration.change.text', {
    field: fieldText(t, field),
    before: value(before),
    after: value(after),
  });
}

function fieldText(t: PortalTranslator, field: string): string {
  if (field.startsWith('settings.')) return settingText(t, field.slice('settings.'.length));
  const key = fieldKeys[field as keyof typeof fieldKeys] as (typeof fieldKeys)[keyof typeof fieldKeys];
  return key === undefined ? field : t(key);
}

function valueText(t: PortalTranslator, field: string, content: unknown, choices: Choices): string {
  if (content === null || content === undefined || content === '') return '—';
  if (typeof content === 'number') return numberText(t, field, content);
  if (Array.isArray(content)) return content.map((item) => partsText(t, item)).join(', ') || '—';
  if (typeof content === 'object') return partsText(t, content);
  return wordText(t, field, String(content), choices);
}

function numberText(t: PortalTranslator, field: string, content: number): string {
  const choice = field.startsWith('settings.') ? `setting.${field.slice('settings.'.length)}.${content}` : '';
  if (choice !== '' && t.has(choice)) return t(choice);
  // Addresses and ports are names, not quantities.
  if (field === 'unit' || field === 'place.port') return String(content);
  const unit = unitOf(field);
  return unit && !field.startsWith('settings.')
    ? `${formatNumber(t.locale, content)} ${unit}`
    : formatNumber(t.locale, content);
}

/** A part of a plan that came or went whole: a wire, a supply, a module in its slot. */
const partsText = (t: PortalTranslator, part: object): string =>
  Object.entries(part)
    .filter(([, content]) => content !== null && content !== 0)
    .map(([name, content]) =>
      name === 'parity' ? parityText(t, String(content)) : String(content).toUpperCase(),
    )
    .join(' ');

const parityText = (t: PortalTranslator, parity: string): string => {
  const key = `calc.line.parity.${parity}`;
  return t.has(key) ? t(key) : parity;
};

function wordText(t: PortalTranslator, field: string, content: string, choices: Choices): string {
  const inCatalogue = (key: string): string => (t.has(key) ? t(key) : content);
  switch (field) {
    case 'place.kind':
      return inCatalogue(`configuration.kind.${content}`);
    case 'wire.parity':
      return parityText(t, content);
    case 'wire.mode':
    case 'supply.unit':
      return content.toUpperCase();
    case 'carrier':
      return inCatalogue(`carrier.${content}`);
    case 'energyUse':
      return inCatalogue(`use.${content}`);
    case 'measurand':
      return measurandText(t, content);
    case 'profileId':
      return choices.profiles.find((p) => p.id === content)?.title ?? content;
    case 'zoneId':
      return choices.zones.find((z) => z.id === content)?.name ?? content;
    case 'circuitId':
      return choices.circuits.find((c) => c.id === content)?.name ?? content;
    default:
      return content;
  }
}
