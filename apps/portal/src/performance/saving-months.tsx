'use client';
import { type ChartContext, savingMonthsOption } from '@wattproof/charts';
import type { EnpiDetail } from '@wattproof/contracts/api';
import { formatLocalDate, formatQuantity, quantityText, unitScaleOf } from '@wattproof/messages';
import { useCallback, useMemo } from 'react';
import { Chart } from '../chart/chart.tsx';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';

/** Actual minus expected of each month with its interval: what a month proves by itself. */
export function SavingMonths({ enpi }: { readonly enpi: EnpiDetail }) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const months = useMemo(
    () =>
      enpi.months.map((m) => ({
        month: m.month,
        difference_wh: m.actual_wh === null || m.expected_wh === null ? null : m.actual_wh - m.expected_wh,
        halfWidth_wh: m.halfWidth_wh,
      })),
    [enpi],
  );
  const scale = useMemo(
    () => unitScaleOf('Wh', Math.max(0, ...months.map((m) => Math.abs(m.difference_wh ?? 0)))),
    [months],
  );
  const option = useCallback(
    (context: ChartContext) =>
      savingMonthsOption({ months, scale, color: context.theme.carriers.electricity }, context, {
        notDistinguishable: t('savings.notDistinguishableFromZero'),
        notStated: t('savings.insufficientData'),
      }),
    [months, scale, t],
  );
  if (months.length === 0) return null;
  const text = (wh: number | null, signed = false): string =>
    wh === null ? '—' : quantityText(formatQuantity(t.locale, wh, 'Wh', { scale, decimals: 1, signed }));
  return (
    <Section
      proof={{ member: 'months' }}
      title={t('savingMonths.title')}
      subject={t('savingMonths.subject', { unit: scale.unit })}
      basis={t('savingMonths.basis')}
    >
      <Chart
        proof={{ member: 'months' }}
        family="bar"
        option={option}
        height={isNarrow ? 220 : 240}
        timeZone="UTC"
        label={t('enpi.chartLabel', { title: t('savingMonths.title'), name: enpi.name })}
        fileName={`${enpi.name}-savings`}
        table={{
          columns: [t('enpi.month'), t('enpi.difference'), '±'],
          rows: () =>
            months.map((m) => [
              formatLocalDate(t.locale, m.month, 'month'),
              text(m.difference_wh, true),
              text(m.halfWidth_wh),
            ]),
        }}
      />
    </Section>
  );
}
