'use client';
import type { EnpiPerformance, MethodPerformance } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import {
  formatNumber,
  formatPercent,
  formatQuantity,
  quantityText,
  type ShownUnit,
  unitScaleOf,
} from '@wattproof/messages';
import { Figure } from '../figure/figure.tsx';
import { findingText } from '../figure/finding-text.ts';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './performance.module.css';

const methodMember = ({ method }: MethodPerformance): string => entry('methods', { method });

/** The same saving by every way of normalising: each with its band, its parts and how sure it is. */
export function MethodTable({ performance }: { readonly performance: EnpiPerformance }) {
  const t = useTranslator();
  const unit = performance.unit as ShownUnit;
  const scale = unitScaleOf(
    unit,
    Math.max(0, ...performance.methods.map((m) => m.performance?.actual_wh ?? 0)),
  );
  const energy = (wh: number, signed = false) =>
    formatQuantity(t.locale, wh, unit, { scale, decimals: 1, signed });
  const text = (wh: number | null | undefined, signed = false): string =>
    wh == null ? '—' : quantityText(energy(wh, signed));
  const columns: Column<MethodPerformance>[] = [
    {
      id: 'method',
      head: t('method.head'),
      phone: 'title',
      cell: (m) => (
        <span className={styles.name}>
          <span>{t(`method.${m.method}`)}</span>
          <small>{t(`method.${m.method}Text`)}</small>
        </span>
      ),
      text: (m) => t(`method.${m.method}`),
    },
    {
      id: 'adjusted',
      head: t('method.adjusted'),
      align: 'right',
      proof: { member: 'performance.adjusted_wh' },
      cell: (m) => text(m.performance?.adjusted_wh),
      text: (m) => text(m.performance?.adjusted_wh),
    },
    {
      id: 'actual',
      head: t('enpi.actual'),
      align: 'right',
      proof: { member: 'performance.actual_wh' },
      cell: (m) => text(m.performance?.actual_wh),
      text: (m) => text(m.performance?.actual_wh),
    },
    {
      id: 'difference',
      head: t('method.difference'),
      align: 'right',
      proof: 'inCell',
      cell: (m) =>
        m.performance && (
          <Figure
            proof={{ member: `${methodMember(m)}.performance.savings_wh` }}
            quantity={energy(-m.performance.savings_wh, true)}
            half={energy(m.performance.halfWidth_wh).value}
          />
        ),
      text: (m) => text(m.performance ? -m.performance.savings_wh : null, true),
    },
    {
      id: 'share',
      head: t('performance.against'),
      align: 'right',
      proof: 'inCell',
      cell: (m) =>
        m.performance && (
          <Figure
            proof={{ member: `${methodMember(m)}.performance.savings_percent` }}
            quantity={formatPercent(t.locale, -m.performance.savings_percent / 100, { signed: true })}
            half={formatNumber(t.locale, m.performance.halfWidth_percent, { decimals: 1 })}
          />
        ),
      text: (m) =>
        m.performance
          ? quantityText(formatPercent(t.locale, -m.performance.savings_percent / 100, { signed: true }))
          : '',
    },
    {
      id: 'parts',
      head: t('method.parts'),
      align: 'right',
      proof: { member: 'performance.modelHalfWidth_wh' },
      cell: (m) => (
        <span className={styles.small}>
          {m.performance
            ? t('method.partsOf', {
                model: text(m.performance.modelHalfWidth_wh),
                metering: text(m.performance.meteringHalfWidth_wh),
              })
            : '—'}
        </span>
      ),
      text: (m) =>
        m.performance ? `${m.performance.modelHalfWidth_wh}; ${m.performance.meteringHalfWidth_wh}` : '',
    },
    {
      id: 'senpi',
      head: t('method.senpi'),
      align: 'right',
      proof: { member: 'performance.senpi' },
      cell: (m) => (m.performance ? formatNumber(t.locale, m.performance.senpi, { decimals: 3 }) : '—'),
      text: (m) => String(m.performance?.senpi ?? ''),
    },
    {
      id: 'verdict',
      head: t('performance.verdict'),
      cell: (m) =>
        m.performance ? (
          <span className={styles.verdict} data-verdict={m.performance.verdict}>
            {t(`savings.${m.performance.verdict}`)}
          </span>
        ) : (
          <span className={styles.small}>{m.findings.map((f) => findingText(f, t)).join(' ')}</span>
        ),
      text: (m) =>
        m.performance
          ? t(`savings.${m.performance.verdict}`)
          : m.findings.map((f) => findingText(f, t)).join(' '),
    },
  ];
  const confidence = performance.definition.confidence;
  return (
    <Section
      proof={{ member: 'methods' }}
      title={t('method.title')}
      subject={t('method.subject')}
      basis={t('enpi.confidence', {
        confidence: quantityText(formatPercent(t.locale, confidence, { decimals: 0 })),
      })}
    >
      <DataTable
        id="methods"
        name={t('method.title')}
        columns={columns}
        rows={performance.methods}
        rowMember={methodMember}
        rowKey={(m) => m.method}
        withTools={false}
        empty={t('method.none')}
      />
    </Section>
  );
}
