import { formatQuantity, type PortalTranslator, quantityText } from '@wattproof/messages';

export type VariableKind = 'intercept' | 'heating' | 'cooling' | 'production' | 'other';

/** What a model's variable is, told from its name. */
export function variableKind(name: string): VariableKind {
  if (/intercept|constant/i.test(name)) return 'intercept';
  if (/heat|hdd/i.test(name)) return 'heating';
  if (/cool|cdd/i.test(name)) return 'cooling';
  if (/prod/i.test(name)) return 'production';
  return 'other';
}

/** Base temperature that stands in a name such as `hdd_15` or `heating 15.5`. */
const baseInName = (name: string): number | null => {
  const match = name.match(/(\d+(?:[._]\d+)?)/);
  return match?.[1] ? Number(match[1].replace('_', '.')) : null;
};

/** A variable in the words of the field. */
export function variableName(name: string, t: PortalTranslator, base_c: number | null = null): string {
  const kind = variableKind(name);
  const base = base_c ?? baseInName(name);
  const degrees = base === null ? null : quantityText(formatQuantity(t.locale, base, '°C'));
  switch (kind) {
    case 'intercept':
      return t('variable.intercept');
    case 'production':
      return t('variable.production');
    case 'heating':
      return degrees ? t('variable.heating', { base: degrees }) : t('variable.heatingPlain');
    case 'cooling':
      return degrees ? t('variable.cooling', { base: degrees }) : t('variable.coolingPlain');
    default:
      return name;
  }
}
