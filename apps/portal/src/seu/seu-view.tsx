'use client';
import { type ChartContext, paretoOption, useCodes } from '@wattproof/charts';
import type { EnpiSummary, RelevantVariable, Seu, SeuReview, SiteSeus } from '@wattproof/contracts/api';
import type { EnergyUse } from '@wattproof/energy';
import { entry } from '@wattproof/evidence/figure-member';
import {
  formatInstant,
  formatLocalDate,
  formatMoney,
  formatNumber,
  formatPercent,
  formatQuantity,
  quantityText,
} from '@wattproof/messages';
import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useState } from 'react';
import { Chart } from '../chart/chart.tsx';
import { Figure } from '../figure/figure.tsx';
import { findingText } from '../figure/finding-text.ts';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Section } from '../figure/section.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { addDays } from '../shell/period.ts';
import { withQuery } from '../shell/query.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import styles from './seu.module.css';
import { SeuDialog } from './seu-dialog.tsx';
import { basisAmount, itemName, seuBases, seuName } from './seu-text.ts';

type Item = SiteSeus['items'][number];

/** Where a site's energy goes, what is significant and why, who works on it, and how each review changed the ranking. */
export function SeuView({
  seus,
  variables,
  enpis,
  mayWrite,
}: {
  readonly seus: SiteSeus;
  readonly variables: readonly RelevantVariable[];
  readonly enpis: readonly EnpiSummary[];
  readonly mayWrite: boolean;
}) {
  const [edited, setEdited] = useState<Seu | null>(null);
  const [isReviewing, setReviewing] = useState(false);
  return (
    <div className={styles.sections}>
      <Pareto seus={seus} />
      <Items seus={seus} onReview={mayWrite ? () => setReviewing(true) : null} />
      <Significant seus={seus} variables={variables} enpis={enpis} onEdit={mayWrite ? setEdited : null} />
      <Reviews seus={seus} />
      {edited && (
        <SeuDialog
          seu={edited}
          variables={variables}
          enpis={enpis.filter((e) => e.siteId === seus.siteId)}
          onClose={() => setEdited(null)}
        />
      )}
      {isReviewing && <ReviewDialog seus={seus} onClose={() => setReviewing(false)} />}
    </div>
  );
}

function BasisSwitch({ basis }: { readonly basis: SiteSeus['basis'] }) {
  const t = useTranslator();
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  return (
    <fieldset className={styles.switch} aria-label={t('seu.basis')}>
      {seuBases.map((b) => (
        <button
          key={b}
          type="button"
          aria-pressed={b === basis}
          onClick={() =>
            router.replace(
              `${pathname}${withQuery(search.toString(), { basis: b === 'energy' ? null : b })}`,
              { scroll: false },
            )
          }
        >
          {t(`seu.basis.${b}`)}
        </button>
      ))}
    </fieldset>
  );
}

function Pareto({ seus }: { readonly seus: SiteSeus }) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const { basis, threshold } = seus;
  const rows = useMemo(
    () =>
      seus.items.flatMap((item) => {
        const amount = basisAmount(item, basis);
        return amount === null ? [] : [{ item, amount }];
      }),
    [seus, basis],
  );
  const unit =
    basis === 'cost' ? (seus.items.find((i) => i.cost)?.cost?.currency ?? '') : t(`seu.unit.${basis}`);
  const option = useCallback(
    (context: ChartContext) =>
      paretoOption(
        {
          rows: rows.map(({ item, amount }) => ({
            name: itemName(item, t),
            code: useCodes[(item.use ?? 'unexplained') as EnergyUse | 'unexplained'] ?? '··',
            value: amount / 1000,
            color: context.theme.uses[item.use ?? 'unexplained'] ?? context.theme.colors.ctl,
            isSignificant: item.isWithinThreshold,
          })),
          threshold,
          unit,
        },
        context,
        { threshold: (share) => t('seu.threshold', { share }), cumulative: t('seu.running') },
      ),
    [rows, threshold, unit, t],
  );
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  return (
    <Section
      proof={{ member: 'items' }}
      title={t('seu.pareto')}
      subject={t('seu.paretoSubject', { unit })}
      basis={t('flow.basis', { from: date(seus.from), to: date(addDays(seus.to, -1)), zone: seus.timeZone })}
    >
      <BasisSwitch basis={basis} />
      {rows.length === 0 ? (
        <p className={styles.note}>{t(`seu.noBasis.${basis}`)}</p>
      ) : (
        <Chart
          proof={{ member: 'items' }}
          key={basis}
          family="bar"
          option={option}
          height={isNarrow ? 260 : 300}
          timeZone={seus.timeZone}
          label={t('seu.chartLabel', { basis: t(`seu.basis.${basis}`) })}
          fileName={`seu-${basis}`}
          table={{
            columns: [t('seu.use'), unit, t('seu.running')],
            rows: () =>
              rows.map(({ item, amount }) => [
                itemName(item, t),
                formatNumber(t.locale, amount / 1000, { decimals: 1 }),
                item.cumulativeShare === null
                  ? '—'
                  : quantityText(formatPercent(t.locale, item.cumulativeShare)),
              ]),
          }}
          legend={t('seu.legend')}
        />
      )}
      {basis === 'carbon' && seus.carbonBasis && (
        <p className={styles.note}>{t('seu.carbonBasis', { basis: seus.carbonBasis })}</p>
      )}
      {/* A finding about each carrier says the same words; they are said once. */}
      {[...new Set(seus.findings.map((f) => findingText(f, t)))].map((text) => (
        <p key={text} className={styles.note}>
          {text}
        </p>
      ))}
    </Section>
  );
}

function Items({ seus, onReview }: { readonly seus: SiteSeus; readonly onReview: (() => void) | null }) {
  const t = useTranslator();
  const energy = (kWh: number | null): string =>
    kWh === null ? '—' : quantityText(formatQuantity(t.locale, kWh * 1000, 'Wh'));
  const percent = (share: number | null): string =>
    share === null ? '—' : quantityText(formatPercent(t.locale, share));
  const isDecided = (i: Item): boolean => seus.seus.some((seu) => seu.id === i.seuId && seu.isSignificant);
  const within = (i: Item): string =>
    t(i.isWithinThreshold ? 'seu.withinYes' : isDecided(i) ? 'seu.byDecision' : 'seu.withinNo');
  const columns: Column<Item>[] = [
    {
      id: 'rank',
      head: t('enpi.rank'),
      cell: (i) => i.rank ?? '—',
      sort: (i) => i.rank,
      text: (i) => String(i.rank ?? ''),
    },
    {
      id: 'use',
      head: t('seu.use'),
      phone: 'title',
      cell: (i) => (
        <span className={styles.use}>
          <UseTag use={i.use} name={itemName(i, t)} />
          <CarrierTag carrier={i.carrier} name={t(`carrier.${i.carrier}`)} />
          <span>{itemName(i, t)}</span>
        </span>
      ),
      sort: (i) => itemName(i, t),
      text: (i) => itemName(i, t),
    },
    {
      id: 'energy',
      head: t('performance.energy'),
      align: 'right',
      proof: { member: 'energy_kwh' },
      cell: (i) => energy(i.energy_kwh),
      sort: (i) => i.energy_kwh,
      text: (i) => energy(i.energy_kwh),
    },
    {
      id: 'cost',
      head: t('performance.money'),
      align: 'right',
      proof: { member: 'cost.amount' },
      cell: (i) => (i.cost ? formatMoney(t.locale, i.cost) : '—'),
      sort: (i) => (i.cost ? Number(i.cost.amount) : null),
      text: (i) => (i.cost ? formatMoney(t.locale, i.cost) : ''),
    },
    {
      id: 'carbon',
      head: t('seu.carbon'),
      align: 'right',
      proof: { member: 'carbon_kg' },
      cell: (i) => (i.carbon_kg === null ? '—' : formatNumber(t.locale, i.carbon_kg / 1000, { decimals: 1 })),
      sort: (i) => i.carbon_kg,
      text: (i) => (i.carbon_kg === null ? '' : String(i.carbon_kg / 1000)),
    },
    {
      id: 'potential',
      head: t('seu.potential'),
      align: 'right',
      proof: { member: 'potential_kwh' },
      cell: (i) => energy(i.potential_kwh),
      sort: (i) => i.potential_kwh,
      text: (i) => energy(i.potential_kwh),
    },
    {
      id: 'share',
      head: t('seu.share'),
      align: 'right',
      proof: { member: 'share' },
      cell: (i) => percent(i.share),
      sort: (i) => i.share,
      text: (i) => percent(i.share),
    },
    {
      id: 'running',
      head: t('seu.running'),
      align: 'right',
      proof: { member: 'cumulativeShare' },
      cell: (i) => percent(i.cumulativeShare),
      sort: (i) => i.cumulativeShare,
      text: (i) => percent(i.cumulativeShare),
    },
    {
      id: 'quality',
      head: t('chart.quality'),
      cell: (i) => <QualityMark quality={i.quality} t={t} />,
      sort: (i) => i.quality.measured,
      text: (i) => percent(i.quality.measured),
    },
    {
      id: 'within',
      head: t('seu.within'),
      cell: within,
      text: within,
    },
  ];
  return (
    <Section
      proof={{ member: 'items' }}
      title={t('seu.ranking')}
      subject={t('seu.rankingSubject', {
        share: quantityText(formatPercent(t.locale, seus.threshold, { decimals: 0 })),
        basis: t(`seu.basis.${seus.basis}`),
      })}
      basis={
        onReview && (
          <Button kind="words" onClick={onReview}>
            {t('seu.review')}
          </Button>
        )
      }
    >
      <DataTable
        id="seu-items"
        name={t('seu.ranking')}
        columns={columns}
        rows={seus.items}
        rowMember={(i) => entry('items', { key: i.key })}
        rowKey={(i) => i.key}
        rowState={(i) => (i.isWithinThreshold ? 'selected' : undefined)}
        empty={t('seu.none')}
      />
    </Section>
  );
}

function Significant({
  seus,
  variables,
  enpis,
  onEdit,
}: {
  readonly seus: SiteSeus;
  readonly variables: readonly RelevantVariable[];
  readonly enpis: readonly EnpiSummary[];
  readonly onEdit: ((seu: Seu) => void) | null;
}) {
  const t = useTranslator();
  const rows = seus.seus.filter((s) => s.isSignificant);
  const variableNames = (s: Seu): string =>
    s.variableIds.map((id) => variables.find((v) => v.id === id)?.name ?? id).join(', ');
  const columns: Column<Seu>[] = [
    {
      id: 'seu',
      head: t('seu.seu'),
      phone: 'title',
      cell: (s) => (
        <span className={styles.stack}>
          <span className={styles.use}>
            <UseTag use={s.use} name={seuName(s, t)} />
            <strong>{seuName(s, t)}</strong>
          </span>
          <small>
            {t('seu.since', { date: formatLocalDate(t.locale, s.since, 'date'), rank: s.rank ?? 0 })}
          </small>
        </span>
      ),
      sort: (s) => s.rank,
      text: (s) => seuName(s, t),
    },
    {
      id: 'performance',
      head: t('performance.against'),
      align: 'right',
      proof: 'inCell',
      cell: (s) =>
        s.performance ? (
          <Figure
            proof={{ member: `${entry('seus', { id: s.id })}.performance.savings_percent` }}
            quantity={formatPercent(t.locale, -s.performance.savings_percent / 100, { signed: true })}
            half={
              s.performance.halfWidth_percent === null
                ? null
                : formatNumber(t.locale, s.performance.halfWidth_percent, { decimals: 1 })
            }
            href={s.enpiId ? `/performance/${s.enpiId}` : undefined}
            label={seuName(s, t)}
          />
        ) : (
          <span className={styles.note}>{t(s.enpiId ? 'performance.notComputed' : 'seu.noEnpi')}</span>
        ),
      sort: (s) => s.performance?.savings_percent ?? null,
      text: (s) => String(s.performance ? -s.performance.savings_percent : ''),
    },
    {
      id: 'verdict',
      head: t('performance.verdict'),
      cell: (s) => (
        <span className={styles.stack}>
          <span>{t(`savings.${s.performance?.verdict ?? 'insufficientData'}`)}</span>
          {s.enpiId && (
            <small>
              <Link href={`/performance/${s.enpiId}`}>{enpis.find((e) => e.id === s.enpiId)?.name}</Link>
            </small>
          )}
        </span>
      ),
      text: (s) => t(`savings.${s.performance?.verdict ?? 'insufficientData'}`),
    },
    {
      id: 'variables',
      head: t('workbench.variables'),
      cell: (s) => variableNames(s) || '—',
      text: variableNames,
    },
    {
      id: 'operators',
      head: t('seu.operators'),
      cell: (s) => s.operators.join(', ') || '—',
      text: (s) => s.operators.join(', '),
    },
    {
      id: 'criteria',
      head: t('seu.operatingCriteria'),
      cell: (s) => <span className={styles.note}>{s.operatingCriteria || '—'}</span>,
      text: (s) => s.operatingCriteria,
    },
    {
      id: 'act',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (s) =>
        onEdit && (
          <Button kind="words" onClick={() => onEdit(s)}>
            {t('seu.edit', { name: seuName(s, t) })}
          </Button>
        ),
    },
  ];
  return (
    <Section proof={{ without: 'stated' }} title={t('seu.title')} subject={t('seu.subject')}>
      <DataTable
        id="seus"
        name={t('seu.title')}
        columns={columns}
        rows={rows}
        rowKey={(s) => s.id}
        withTools={false}
        empty={t('seu.noneDecided')}
      />
    </Section>
  );
}

function Reviews({ seus }: { readonly seus: SiteSeus }) {
  const t = useTranslator();
  const nameOf = (key: string): string => {
    const item = seus.items.find((i) => i.key === key);
    const seu = seus.seus.find((s) => s.key === key);
    return item ? itemName(item, t) : seu ? seuName(seu, t) : key;
  };
  const changes = (r: SeuReview): string =>
    r.changes.length === 0
      ? t('seu.noChange')
      : r.changes
          .map((c) =>
            t(`seu.change.${c.change}`, {
              name: nameOf(c.key),
              before: c.rankBefore ?? 0,
              after: c.rankAfter ?? 0,
            }),
          )
          .join('; ');
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const columns: Column<SeuReview>[] = [
    {
      id: 'at',
      head: t('seu.reviewed'),
      phone: 'title',
      cell: (r) => (
        <span className={styles.stack}>
          <span>{formatInstant(t.locale, seus.timeZone, r.decidedAt, 'dateTime')}</span>
          <small>{r.decidedBy}</small>
        </span>
      ),
      sort: (r) => r.decidedAt,
      text: (r) => `${r.decidedAt}, ${r.decidedBy}`,
    },
    {
      id: 'period',
      head: t('target.period'),
      cell: (r) => (
        <span className={styles.stack}>
          <span>{t('performance.period', { from: date(r.from), to: date(addDays(r.to, -1)) })}</span>
          <small>
            {t('seu.rankingSubject', {
              share: quantityText(formatPercent(t.locale, r.threshold, { decimals: 0 })),
              basis: t(`seu.basis.${r.basis}`),
            })}
          </small>
        </span>
      ),
      text: (r) => `${r.from} – ${r.to}`,
    },
    { id: 'changes', head: t('seu.changes'), cell: changes, text: changes },
    {
      id: 'criteria',
      head: t('seu.criteria'),
      cell: (r) => (
        <span className={styles.stack}>
          <span className={styles.criteria}>{r.criteria}</span>
          <small>{r.reason}</small>
        </span>
      ),
      text: (r) => `${r.criteria} ${r.reason}`,
    },
  ];
  return (
    <Section proof={{ without: 'stated' }} title={t('seu.log')} subject={t('seu.logSubject')}>
      <DataTable
        id="seu-reviews"
        name={t('seu.log')}
        columns={columns}
        rows={seus.reviews}
        rowKey={(r) => r.id}
        withTools={false}
        empty={t('seu.noReview')}
      />
    </Section>
  );
}
