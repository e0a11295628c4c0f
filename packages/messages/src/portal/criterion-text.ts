import type { CriterionResult } from '@wattproof/energy';
import { formatMoney } from '../money.ts';
import { formatNumber } from '../number.ts';
import type { PortalTranslator } from './catalogue.ts';

/** Exact kilowatt-hours: a figure and the limit that it barely exceeds must not print alike. */
function amountText(t: PortalTranslator, value: string, unit: string): string {
  if (unit === 'kWh') return `${formatNumber(t.locale, value, { decimals: 0 })}\u00a0kWh`;
  return unit === 'persons'
    ? formatNumber(t.locale, value)
    : formatMoney(t.locale, { amount: value, currency: unit });
}

const yearsText = (years: readonly number[]): string =>
  years.length > 1 ? `${years[0]}\u2013${years.at(-1)}` : String(years[0] ?? '');

/** One comparison of a rule in words: what, of which years, against which limit. */
export function criterionText(t: PortalTranslator, c: CriterionResult): string {
  if (c.criterion === 'energyIntensive')
    return t(
      c.holds === null
        ? 'obligation.listed.unknown'
        : c.holds
          ? 'obligation.listed.yes'
          : 'obligation.listed.no',
    );
  const values = {
    what: t(`obligation.criterion.${c.criterion}`),
    years: yearsText(c.missingYears.length > 0 ? c.missingYears : c.years),
    limit: amountText(t, c.limit ?? '0', c.unit),
  };
  if (c.holds === null || c.value === null) return t('obligation.compared.unknown', values);
  const key =
    c.comparison === 'above'
      ? c.holds
        ? 'obligation.compared.above'
        : 'obligation.compared.notAbove'
      : c.holds
        ? 'obligation.compared.atLeast'
        : 'obligation.compared.below';
  return t(key, { ...values, value: amountText(t, c.value, c.unit) });
}
