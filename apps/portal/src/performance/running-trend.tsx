'use client';
import { type ChartContext, shareTrendOption, type TargetPoint } from '@wattproof/charts';
import type { EnpiPerformance } from '@wattproof/contracts/api';
import {
  formatLocalDate,
  formatPercent,
  formatQuantity,
  quantityText,
  type ShownUnit,
} from '@wattproof/messages';
import { useCallback, useMemo } from 'react';
import { Chart } from '../chart/chart.tsx';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { addDays, lastDayOf } from '../shell/period.ts';

/** The path that the targets ask for: level over the period of each, since a target is a share of a whole period. */
export const targetPath = (targets: EnpiPerformance['targets']): TargetPoint[] => {
  const [next] = [...targets].sort((a, b) => b.target.to.localeCompare(a.target.to));
  if (!next) return [];
  const share = -next.target.saving_percent / 100;
  return [
    { date: next.target.from, share },
    { date: addDays(next.target.to, -1), share },
  ];
};

/** Sums of months against the baseline: of the last twelve, or since January, with the target beside them. */
export function RunningTrend({
  performance,
  kind,
}: {
  readonly performance: EnpiPerformance;
  readonly kind: 'rollingYear' | 'yearToDate';
}) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  // Before the first sum that is whole there is nothing to draw; gaps after it stay gaps.
  const months = useMemo(() => {
    const all = performance[kind];
    const first = all.findIndex((m) => m.savings_percent !== null);
    return first < 0 ? [] : all.slice(first);
  }, [performance, kind]);
  const target = useMemo(() => targetPath(performance.targets), [performance]);
  const points = useMemo(
    () =>
      months.map((m) => ({
        date: lastDayOf(m.month),
        share: m.savings_percent === null ? null : -m.savings_percent / 100,
        halfWidth: null,
      })),
    [months],
  );
  const option = useCallback(
    (context: ChartContext) =>
      shareTrendOption({ points, target, color: context.theme.carriers.electricity }, context, {
        baseline: t('trend.baseline'),
        target: t('trend.target'),
        period: 'month',
      }),
    [points, target, t],
  );
  if (!points.some((p) => p.share !== null)) return null;
  const energy = (wh: number | null): string =>
    wh === null ? '—' : quantityText(formatQuantity(t.locale, wh, performance.unit as ShownUnit));
  const title = t(`trend.${kind}`);
  return (
    <Section title={title} subject={t('trend.subject')} basis={t('trend.basis')}>
      <Chart
        proof={{ member: kind }}
        family="line"
        option={option}
        height={isNarrow ? 220 : 240}
        timeZone={performance.timeZone}
        label={t('enpi.chartLabel', { title, name: performance.definition.name })}
        fileName={`${performance.definition.name}-${kind}`}
        walkedSeries={1}
        table={{
          columns: [t('enpi.month'), t('enpi.actual'), t('enpi.expected'), t('performance.against')],
          rows: () =>
            months.map((m) => [
              formatLocalDate(t.locale, m.month, 'month'),
              energy(m.actual_wh),
              energy(m.expected_wh),
              m.savings_percent === null
                ? '—'
                : quantityText(formatPercent(t.locale, -m.savings_percent / 100, { signed: true })),
            ]),
        }}
      />
    </Section>
  );
}
