'use client';
import { type Opportunity, opportunityValue } from '@wattproof/energy';
import { formatMoney, formatNumber, formatPercent, quantityText } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './dossier.module.css';
import { type ItemDraft, itemOfDraft } from './item-field.ts';

/** What a measure is worth, while it is typed; nothing until its numbers are whole. */
export function InvestmentLine({ draft }: { readonly draft: ItemDraft }) {
  const t = useTranslator();
  const result = itemOfDraft('opportunities', { ...draft, title: 'x', reason: 'x' });
  const one = result.ok ? (result.item as Opportunity) : null;
  if (!one || one.lifetime_years < 1 || one.lifetime_years > 100 || !/^[A-Z]{3}$/.test(one.currency))
    return null;
  const value = opportunityValue(one);
  const money = (amount: number): string =>
    formatMoney(t.locale, { amount: String(Math.round(amount)), currency: one.currency });
  const years = (count: number | null, decimals: number): string =>
    count === null ? '–' : t('dossier.years', { count, years: formatNumber(t.locale, count, { decimals }) });
  return (
    <dl className={styles.worth} aria-live="polite">
      <dt>{t('dossier.npv')}</dt>
      <dd>{money(value.netPresentValue)}</dd>
      <dt>{t('dossier.npvHalf')}</dt>
      <dd>{money(value.netPresentValueAtHalfLife)}</dd>
      <dt>{t('dossier.irr')}</dt>
      <dd>
        {value.internalRate_percent === null
          ? '–'
          : quantityText(formatPercent(t.locale, value.internalRate_percent / 100, { decimals: 1 }))}
      </dd>
      <dt>{t('dossier.payback')}</dt>
      <dd>
        {years(value.simplePayback_years, 1)} / {years(value.discountedPayback_years, 0)}
      </dd>
    </dl>
  );
}
