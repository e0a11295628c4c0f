import {
  type AuditDossier,
  carriers,
  opportunityAreas,
  opportunityStates,
  processKinds,
  transportKinds,
} from '@wattproof/energy';
import type { PortalKey, PortalTranslator } from '@wattproof/messages';
import { parseNumber, plainText } from '../form/parse-number.ts';

/** Lists of what is stated, each item entered in a dialog of its fields. */
export const itemLists = ['visits', 'buildings', 'processes', 'transport', 'opportunities'] as const;
export type ItemList = (typeof itemLists)[number];
export type Item = AuditDossier[ItemList][number];

/** One field of an item. `decimal` keeps the digits as they were typed. */
export interface ItemField {
  readonly name: string;
  readonly label: PortalKey;
  readonly kind: 'line' | 'long' | 'date' | 'decimal' | 'number' | 'whole' | 'choice' | 'site' | 'check';
  readonly isRequired?: boolean;
  readonly unit?: 'kWh' | 'm²' | 'km' | 't·km' | '%' | 'years' | 'money';
  readonly help?: PortalKey;
  /** Of a choice: values with their texts, the first is usual. */
  readonly options?: readonly string[];
  readonly optionText?: (value: string, t: PortalTranslator) => string;
  /** Of a new item. */
  readonly initial?: string;
}

const site: ItemField = { name: 'siteId', label: 'dossier.site', kind: 'site' };
const carrierField: ItemField = {
  name: 'carrier',
  label: 'dossier.carrier',
  kind: 'choice',
  options: carriers.filter((carrier) => carrier !== 'water'),
  optionText: (value, t) => t(`carrier.${value}` as 'carrier.gas'),
};
const energy: ItemField = { name: 'energy_kwh', label: 'dossier.energy', kind: 'decimal', unit: 'kWh' };
const money = (name: string, label: PortalKey, initial?: string): ItemField => ({
  name,
  label,
  kind: 'decimal',
  unit: 'money',
  isRequired: true,
  ...(initial === undefined ? {} : { initial }),
});

export const itemFields: Readonly<Record<ItemList, readonly ItemField[]>> = {
  visits: [
    { name: 'on', label: 'dossier.visitOn', kind: 'date', isRequired: true },
    site,
    { name: 'people', label: 'dossier.people', kind: 'line' },
    { name: 'areas', label: 'dossier.areas', kind: 'long' },
    { name: 'notes', label: 'dossier.notes', kind: 'long' },
  ],
  buildings: [
    { name: 'name', label: 'dossier.name', kind: 'line', isRequired: true },
    site,
    { name: 'usage', label: 'dossier.usage', kind: 'line' },
    { name: 'builtIn', label: 'dossier.builtIn', kind: 'whole' },
    { name: 'floorArea_m2', label: 'dossier.floorArea', kind: 'number', unit: 'm²' },
    energy,
    { name: 'envelope', label: 'dossier.envelope', kind: 'long' },
    { name: 'systems', label: 'dossier.systems', kind: 'long' },
  ],
  processes: [
    { name: 'name', label: 'dossier.name', kind: 'line', isRequired: true },
    site,
    {
      name: 'kind',
      label: 'dossier.kind',
      kind: 'choice',
      options: processKinds,
      optionText: (value, t) => t(`dossier.processKind.${value}` as 'dossier.processKind.steam'),
    },
    energy,
    { name: 'description', label: 'dossier.description', kind: 'long' },
  ],
  transport: [
    { name: 'name', label: 'dossier.name', kind: 'line', isRequired: true },
    {
      name: 'kind',
      label: 'dossier.kind',
      kind: 'choice',
      options: transportKinds,
      optionText: (value, t) => t(`dossier.transportKind.${value}` as 'dossier.transportKind.car'),
    },
    { name: 'isOwn', label: 'dossier.own', kind: 'check', initial: 'yes' },
    { ...carrierField, initial: 'diesel' },
    energy,
    { name: 'distance_km', label: 'dossier.distance', kind: 'decimal', unit: 'km' },
    { name: 'haulage_tkm', label: 'dossier.haulage', kind: 'decimal', unit: 't·km' },
    { name: 'notes', label: 'dossier.notes', kind: 'long' },
  ],
  opportunities: [
    { name: 'title', label: 'dossier.measure', kind: 'line', isRequired: true },
    site,
    {
      name: 'area',
      label: 'dossier.area',
      kind: 'choice',
      options: opportunityAreas,
      optionText: (value, t) => t(`dossier.opportunityArea.${value}` as 'dossier.opportunityArea.transport'),
    },
    carrierField,
    {
      name: 'saving_kwh_per_year',
      label: 'dossier.saving',
      kind: 'decimal',
      unit: 'kWh',
      isRequired: true,
    },
    { name: 'accuracy_percent', label: 'dossier.accuracy', kind: 'decimal', unit: '%' },
    { name: 'currency', label: 'dossier.currency', kind: 'line', isRequired: true },
    money('savingPerYear', 'dossier.savingMoney'),
    money('cost', 'dossier.cost'),
    money('subsidy', 'dossier.subsidy', '0'),
    money('residualValue', 'dossier.residual', '0'),
    {
      name: 'lifetime_years',
      label: 'dossier.lifetime',
      kind: 'whole',
      unit: 'years',
      isRequired: true,
      initial: '10',
    },
    {
      name: 'discountRate_percent',
      label: 'dossier.discount',
      kind: 'decimal',
      unit: '%',
      isRequired: true,
    },
    {
      name: 'priceChange_percent',
      label: 'dossier.priceChange',
      kind: 'decimal',
      unit: '%',
      isRequired: true,
      initial: '0',
    },
    {
      name: 'state',
      label: 'dossier.state',
      kind: 'choice',
      options: opportunityStates,
      optionText: (value, t) => t(`dossier.opportunityState.${value}` as 'dossier.opportunityState.proposed'),
    },
    { name: 'dueOn', label: 'dossier.dueOn', kind: 'date' },
    { name: 'responsible', label: 'dossier.responsible', kind: 'line' },
    { name: 'reason', label: 'dossier.reason', kind: 'long', help: 'dossier.reasonHelp' },
    { name: 'description', label: 'dossier.description', kind: 'long' },
    { name: 'interactions', label: 'dossier.interactions', kind: 'long' },
    { name: 'verification', label: 'dossier.verification', kind: 'long' },
    { name: 'isConfidential', label: 'dossier.confidential', kind: 'check' },
  ],
};

/** What stands in the inputs: text, and `yes` or nothing of a check. */
export type ItemDraft = Readonly<Record<string, string>>;

const initialOf = (field: ItemField): string =>
  field.initial ?? (field.kind === 'choice' ? (field.options?.[0] ?? '') : '');

/** The inputs of an item, or of a new one. */
export function draftOfItem(list: ItemList, item: Item | null, given: ItemDraft = {}): ItemDraft {
  const values = item as Readonly<Record<string, unknown>> | null;
  return Object.fromEntries(
    itemFields[list].map((field) => {
      if (!values) return [field.name, given[field.name] ?? initialOf(field)];
      const value = values[field.name];
      if (field.kind === 'check') return [field.name, value === true ? 'yes' : ''];
      return [field.name, value === null || value === undefined ? '' : String(value)];
    }),
  );
}

export type ItemResult =
  | { readonly ok: true; readonly item: Item }
  | { readonly ok: false; readonly faults: readonly string[] };

/** The item that the inputs say; the names of the fields that are wrong otherwise. */
export function itemOfDraft(list: ItemList, draft: ItemDraft): ItemResult {
  const faults: string[] = [];
  const entries = itemFields[list].map((field): [string, unknown] => {
    const text = (draft[field.name] ?? '').trim();
    if (text === '' && field.isRequired) faults.push(field.name);
    if (field.kind === 'check') return [field.name, text === 'yes'];
    if (['line', 'long', 'choice'].includes(field.kind)) return [field.name, text];
    if (text === '') return [field.name, null];
    if (field.kind === 'date' || field.kind === 'site') return [field.name, text];
    const number = parseNumber(text);
    if (number === null || (field.kind === 'whole' && !Number.isInteger(number))) {
      faults.push(field.name);
      return [field.name, null];
    }
    return [field.name, field.kind === 'decimal' ? plainText(text) : number];
  });
  if (list === 'opportunities' && draft.state === 'notRetained' && (draft.reason ?? '').trim() === '')
    faults.push('reason');
  // The service checks the shape again against the contract.
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, item: Object.fromEntries(entries) as unknown as Item };
}
