'use client';
import type { PerformanceSum } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatNumber, formatPercent, formatQuantity, quantityText, unitScaleOf } from '@wattproof/messages';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { Figure } from '../figure/figure.tsx';
import { findingText } from '../figure/finding-text.ts';
import { Scale } from '../figure/scale.tsx';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { Proved } from '../receipt/proved.tsx';
import { withQuery } from '../shell/query.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './performance.module.css';
import { holdsZero, intervalReach } from './saving-interval.tsx';

type Part = PerformanceSum['parts'][number];
const kinds = ['final', 'primary'] as const;

/** All EnPIs together in one unit of energy: energies are added and divided once, percentages are never averaged. */
export function PortfolioSum({ sum }: { readonly sum: PerformanceSum }) {
  const t = useTranslator();
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const { total, parts } = sum;
  const scale = unitScaleOf('Wh', Math.max(0, ...parts.map((p) => (p.adjusted_kwh ?? 0) * 1000)));
  const energy = (kWh: number | null, signed = false): string =>
    kWh === null
      ? '—'
      : quantityText(formatQuantity(t.locale, kWh * 1000, 'Wh', { scale, decimals: 1, signed }));
  const share = total
    ? {
        value: -total.savings_percent / 100,
        halfWidth:
          total.savings_kwh.halfWidth === null || total.adjusted_kwh === 0
            ? null
            : total.savings_kwh.halfWidth / total.adjusted_kwh,
      }
    : null;
  const percent = (v: number): string => quantityText(formatPercent(t.locale, v, { signed: true }));
  const columns: Column<Part>[] = [
    {
      id: 'enpi',
      head: t('performance.enpi'),
      phone: 'title',
      cell: (p) => (
        <span className={styles.name}>
          <span>{p.name}</span>
          <small>{p.siteName}</small>
        </span>
      ),
      sort: (p) => p.siteName,
      text: (p) => `${p.name}, ${p.siteName}`,
    },
    {
      id: 'adjusted',
      head: t('method.adjusted'),
      align: 'right',
      proof: { member: 'adjusted_kwh' },
      cell: (p) => energy(p.adjusted_kwh),
      sort: (p) => p.adjusted_kwh,
      text: (p) => energy(p.adjusted_kwh),
    },
    {
      id: 'actual',
      head: t('enpi.actual'),
      align: 'right',
      proof: { member: 'actual_kwh' },
      cell: (p) => energy(p.actual_kwh),
      sort: (p) => p.actual_kwh,
      text: (p) => energy(p.actual_kwh),
    },
    {
      id: 'difference',
      head: t('method.difference'),
      align: 'right',
      proof: 'inCell',
      cell: (p) =>
        p.actual_kwh === null || p.adjusted_kwh === null ? (
          '—'
        ) : (
          <Figure
            proof={{ member: entry('parts', { enpiId: p.enpiId }) }}
            quantity={formatQuantity(t.locale, (p.actual_kwh - p.adjusted_kwh) * 1000, 'Wh', {
              scale,
              decimals: 1,
              signed: true,
            })}
            half={
              p.halfWidth_kwh === null
                ? null
                : formatNumber(t.locale, (p.halfWidth_kwh * 1000) / scale.factor, { decimals: 1 })
            }
          />
        ),
      sort: (p) => (p.actual_kwh === null || p.adjusted_kwh === null ? null : p.actual_kwh - p.adjusted_kwh),
      text: (p) =>
        p.actual_kwh === null || p.adjusted_kwh === null ? '' : energy(p.actual_kwh - p.adjusted_kwh, true),
    },
    {
      id: 'factor',
      head: t('sum.factor'),
      cell: (p) => (
        <span className={styles.small}>
          {p.factor === null
            ? '—'
            : p.factorSource === null
              ? `× ${p.factor}`
              : t('sum.factorOf', { factor: p.factor, source: p.factorSource })}
        </span>
      ),
      text: (p) => `${p.factor ?? ''} ${p.factorSource ?? ''}`,
    },
    {
      id: 'included',
      head: t('sum.included'),
      cell: (p) => t(p.isIncluded ? 'sum.in' : 'sum.out'),
      sort: (p) => (p.isIncluded ? 0 : 1),
      text: (p) => t(p.isIncluded ? 'sum.in' : 'sum.out'),
    },
  ];
  const reach = share ? intervalReach([share]) * 100 : 4;
  return (
    <FigureSource path={`/performance?energy=${sum.energy}`}>
      <Section
        proof={total ? { member: 'total' } : undefined}
        title={t('sum.title')}
        subject={t('sum.subject')}
        basis={
          sum.confidence === null
            ? undefined
            : t('enpi.confidence', {
                confidence: quantityText(formatPercent(t.locale, sum.confidence, { decimals: 0 })),
              })
        }
      >
        <fieldset className={styles.switch} aria-label={t('sum.energy')}>
          {kinds.map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={kind === sum.energy}
              onClick={() =>
                router.replace(
                  `${pathname}${withQuery(search.toString(), { energy: kind === 'final' ? null : kind })}`,
                  { scroll: false },
                )
              }
            >
              {t(`sum.${kind}`)}
            </button>
          ))}
        </fieldset>
        {total && share && (
          <>
            <p className={styles.answerRow}>
              <span className={styles.big}>
                <Proved proof={{ member: 'total.savings_percent' }} label={t('sum.title')}>
                  {percent(share.value)}
                </Proved>
                {share.halfWidth !== null && (
                  <small> ± {formatNumber(t.locale, share.halfWidth * 100, { decimals: 1 })}</small>
                )}
              </span>
              <span className={styles.confidence}>
                {t('sum.sentence', {
                  difference: energy(-total.savings_kwh.value, true),
                  half: energy(total.savings_kwh.halfWidth),
                  adjusted: energy(total.adjusted_kwh),
                  model: energy(total.modelHalfWidth_kwh),
                  metering: energy(total.meteringHalfWidth_kwh),
                })}{' '}
                <strong>{t(`sum.verdict.${total.verdict}`)}</strong>
              </span>
            </p>
            <Scale
              min={-reach}
              max={reach}
              majors={5}
              value={share.value * 100}
              interval={{
                low: (share.value - (share.halfWidth ?? 0)) * 100,
                high: (share.value + (share.halfWidth ?? 0)) * 100,
                holdsZero: holdsZero(share),
              }}
              unit="%"
              format={(v) =>
                v === 0
                  ? t('enpi.asBaseline')
                  : formatPercent(t.locale, v / 100, { decimals: 0, signed: true }).value
              }
              label={t('enpi.scaleSaid', {
                value: percent(share.value),
                low: percent(share.value - (share.halfWidth ?? 0)),
                high: percent(share.value + (share.halfWidth ?? 0)),
              })}
            />
          </>
        )}
        {sum.findings.map((f) => (
          <p key={`${f.code} ${f.message}`} className={styles.small}>
            {findingText(f, t)}
          </p>
        ))}
        <DataTable
          id="sum"
          name={t('sum.title')}
          columns={columns}
          rows={parts}
          rowMember={(p) => entry('parts', { enpiId: p.enpiId })}
          rowKey={(p) => p.enpiId}
          rowState={(p) => (p.isIncluded ? undefined : 'muted')}
          withTools={parts.length > 8}
          empty={t('sum.none')}
        />
      </Section>
    </FigureSource>
  );
}
