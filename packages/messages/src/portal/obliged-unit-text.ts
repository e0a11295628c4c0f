import type { PortalTranslator } from './catalogue.ts';

const known: Readonly<Record<string, 'company' | 'SIREN' | 'independent' | 'group'>> = {
  company: 'company',
  SIREN: 'SIREN',
  'smallest legally independent undertaking': 'independent',
  'company or consolidated group': 'group',
};

/** Who a rule is about, in the reader's language where the rule's own words are known. */
export function obligedUnitText(t: PortalTranslator, unit: string): string {
  const key = known[unit];
  return key ? t(`obligedUnit.${key}`) : unit;
}
