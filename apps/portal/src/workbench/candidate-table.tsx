'use client';
import type { EnbCandidate } from '@wattproof/contracts/api';
import { formatNumber, formatPercent, quantityText } from '@wattproof/messages';
import { findingText } from '../figure/finding-text.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { modelName, type VariableNames } from './model-text.ts';
import styles from './workbench.module.css';

/** How many candidates are shown before the rest is asked for. */
const shownFirst = 12;

/** Every model that was tried, ranked; choosing one shows its plots, its terms and what it would state. */
export function CandidateTable({
  candidates,
  names,
  chosen,
  inForce,
  onChoose,
}: {
  readonly candidates: readonly EnbCandidate[];
  readonly names: VariableNames;
  readonly chosen: string | null;
  /** Id of the candidate that is the baseline in force. */
  readonly inForce: string | null;
  readonly onChoose: (id: string) => void;
}) {
  const t = useTranslator();
  const number = (v: number, decimals: number): string =>
    Number.isFinite(v) ? formatNumber(t.locale, v, { decimals }) : '—';
  const numeric = (
    id: string,
    head: string,
    value: (c: EnbCandidate) => number | null,
    decimals: number,
  ): Column<EnbCandidate> => {
    const text = (c: EnbCandidate): string => {
      const v = value(c);
      return v === null ? '—' : number(v, decimals);
    };
    return { id, head, align: 'right', proof: { without: 'trial' }, cell: text, sort: value, text };
  };
  const verdict = (c: EnbCandidate): string => {
    if (c.refused[0]) return t('enpi.refused', { reason: findingText(c.refused[0], t) });
    const passed = c.verdicts.filter((v) => v.passed).map((v) => t(`protocol.${v.protocol}`));
    return passed.length > 0
      ? t('workbench.passes', { protocols: passed.join(', ') })
      : t('workbench.passesNone');
  };
  const change = (c: EnbCandidate): string =>
    c.savings_percent === null
      ? '—'
      : [
          quantityText(formatPercent(t.locale, -c.savings_percent / 100, { signed: true })),
          ...(c.savingsHalfWidth_percent === null ? [] : [`± ${number(c.savingsHalfWidth_percent, 1)}`]),
        ].join(' ');
  const columns: Column<EnbCandidate>[] = [
    {
      id: 'rank',
      head: t('enpi.rank'),
      cell: (c) => c.rank,
      sort: (c) => c.rank,
      text: (c) => String(c.rank),
    },
    {
      id: 'model',
      head: t('enpi.variables'),
      phone: 'title',
      cell: (c) => (
        <span className={styles.model}>
          <button
            type="button"
            className={styles.pick}
            aria-pressed={c.id === chosen}
            onClick={() => onChoose(c.id)}
          >
            {modelName(c, t, names)}
          </button>
          <small>
            {t(`enbForm.${c.choice.form}`)}
            {c.id === inForce && ` · ${t('workbench.inForce')}`}
          </small>
        </span>
      ),
      sort: (c) => modelName(c, t, names),
      text: (c) => `${modelName(c, t, names)}, ${t(`enbForm.${c.choice.form}`)}`,
    },
    numeric('cv', t('enpi.cv'), (c) => c.statistics.cvRmse * 100, 1),
    numeric('r2', t('workbench.adjustedR2'), (c) => c.statistics.adjustedR2, 2),
    numeric('bic', t('enpi.deltaBic'), (c) => c.deltaBic, 0),
    numeric('lag', t('enpi.lag'), (c) => c.statistics.autocorrelation, 2),
    {
      id: 'change',
      head: t('workbench.wouldState'),
      align: 'right',
      proof: 'inCell',
      cell: (c) => <span className={styles.nowrap}>{change(c)}</span>,
      sort: (c) => c.savings_percent,
      text: change,
    },
    {
      id: 'verdict',
      head: t('enpi.modelVerdict'),
      cell: (c) => <span className={styles.small}>{verdict(c)}</span>,
      text: verdict,
    },
  ];
  return (
    <DataTable
      id="candidates"
      name={t('enpi.candidates')}
      columns={columns}
      rows={candidates.slice(0, shownFirst)}
      rowKey={(c) => c.id}
      rowState={(c) => (c.id === chosen ? 'selected' : c.refused.length > 0 ? 'muted' : undefined)}
      withTools={false}
      empty={t('workbench.noCandidate')}
    />
  );
}
