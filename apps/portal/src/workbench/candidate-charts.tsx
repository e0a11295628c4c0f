'use client';
import {
  type ChartContext,
  cusumOption,
  fitOption,
  residualDistributionOption,
  residualsFittedOption,
  residualsOption,
  signatureOption,
} from '@wattproof/charts';
import type { Candidates, EnbCandidate } from '@wattproof/contracts/api';
import {
  formatLocalDate,
  formatNumber,
  formatPercent,
  formatQuantity,
  quantityText,
  type ShownUnit,
  unitScaleOf,
} from '@wattproof/messages';
import { useCallback, useMemo, useState } from 'react';
import { Chart } from '../chart/chart.tsx';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { candidatePlot } from './candidate-plot.ts';
import { changePointsOf, modelName, type VariableNames } from './model-text.ts';
import { rowScale } from './row-scale.ts';
import styles from './workbench.module.css';

interface Props {
  readonly answer: Candidates;
  readonly candidate: EnbCandidate;
  readonly names: VariableNames;
  readonly confidence: number;
}

const usePlot = ({ answer, candidate, names, confidence }: Props) => {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const plot = useMemo(() => candidatePlot(answer, candidate, confidence), [answer, candidate, confidence]);
  const scale = useMemo(
    () =>
      rowScale(
        answer.rows.map((r) => r.energy_wh),
        answer.unit,
      ),
    [answer],
  );
  const dateStyle = answer.granularity === 'month' ? ('month' as const) : ('date' as const);
  const period = (date: string): string => formatLocalDate(t.locale, date, dateStyle);
  const energy = (base: number | null, signed = false): string =>
    base === null
      ? '—'
      : quantityText(
          formatQuantity(t.locale, base, answer.unit as ShownUnit, { scale, decimals: 2, signed }),
        );
  const percent = quantityText(formatPercent(t.locale, confidence, { decimals: 0 }));
  return {
    t,
    plot,
    scale,
    dateStyle,
    period,
    energy,
    percent,
    name: modelName(candidate, t, names),
    perPeriod: t(answer.granularity === 'month' ? 'workbench.unitMonth' : 'workbench.unitDay', {
      unit: scale.unit,
    }),
    height: isNarrow ? 240 : 280,
  };
};

const color = (context: ChartContext): string => context.theme.carriers.electricity;

export function CandidateSignature(props: Props) {
  const { answer, candidate, names } = props;
  const { t, plot, scale, period, energy, percent, name, perPeriod, height } = usePlot(props);
  const { signature } = candidate;
  // Production in grams is read in tonnes; a temperature keeps its degrees.
  const xScale = useMemo(
    () =>
      unitScaleOf(
        (signature?.unit ?? '1') as ShownUnit,
        Math.max(0, ...(signature?.points ?? []).map(([x]) => Math.abs(x))),
      ),
    [signature],
  );
  const points = useMemo(
    () =>
      signature === null
        ? []
        : answer.rows.flatMap((row) => {
            const x = row.variables[signature.variable] ?? null;
            return x === null || row.energy_wh === null || row.phase === 'between'
              ? []
              : [{ x: x / xScale.factor, y: row.energy_wh, phase: row.phase, date: row.date }];
          }),
    [answer, signature, xScale],
  );
  const option = useCallback(
    (context: ChartContext) =>
      signatureOption(
        {
          points: points.map((p) => ({
            ...p,
            label: formatLocalDate(t.locale, p.date, answer.granularity === 'month' ? 'month' : 'date'),
          })),
          fit: (signature?.points ?? []).map(([x, y]) => ({
            x: x / xScale.factor,
            y,
            halfWidth: plot.halfWidth_wh,
          })),
          scale,
          color: color(context),
          changePoints: signature?.variable === 'temperature' ? changePointsOf(candidate, t) : [],
        },
        context,
        {
          baseline: t('workbench.baselineRows'),
          reporting: t('workbench.reportingRows'),
          fit: t('enpi.fit'),
        },
      ),
    [points, signature, xScale, plot, scale, candidate, answer, t],
  );
  if (signature === null || points.length === 0) return null;
  const variable =
    signature.variable === 'temperature'
      ? t('enpi.temperature')
      : `${names.get(signature.variable)?.name ?? signature.variable}, ${xScale.unit}`;
  return (
    <Section
      proof={{ without: 'trial' }}
      title={t('enpi.signature')}
      subject={t('workbench.signatureSubject', { unit: perPeriod, variable })}
      basis={t('workbench.bandBasis', { confidence: percent })}
    >
      <Chart
        proof={{ without: 'trial' }}
        family="scatter"
        option={option}
        height={height}
        timeZone={answer.timeZone}
        label={t('enpi.chartLabel', { title: t('enpi.signature'), name })}
        fileName="signature"
        walkedSeries={2}
        table={{
          columns: [t('enpi.date'), variable, t('enpi.actual')],
          rows: () =>
            points.map((p) => [period(p.date), formatNumber(t.locale, p.x, { decimals: 1 }), energy(p.y)]),
        }}
      />
    </Section>
  );
}

export function CandidateFit(props: Props) {
  const { answer } = props;
  const { t, plot, scale, dateStyle, period, energy, percent, name, perPeriod, height } = usePlot(props);
  const reportingFrom = answer.rows.find((r) => r.phase === 'reporting')?.date ?? null;
  const option = useCallback(
    (context: ChartContext) =>
      fitOption({ periods: plot.periods, reportingFrom, scale, color: color(context) }, context, {
        actual: t('enpi.actual').toLowerCase(),
        expected: t('enpi.expected'),
        reporting: t('workbench.reportingRows'),
        period: dateStyle,
      }),
    [plot, reportingFrom, scale, dateStyle, t],
  );
  return (
    <Section
      proof={{ without: 'trial' }}
      title={t('workbench.fit')}
      subject={t('workbench.fitSubject', { unit: perPeriod })}
      basis={t('workbench.bandBasis', { confidence: percent })}
    >
      <Chart
        proof={{ without: 'trial' }}
        family="line"
        option={option}
        height={height}
        timeZone={answer.timeZone}
        label={t('enpi.chartLabel', { title: t('workbench.fit'), name })}
        fileName="fit"
        walkedSeries={1}
        table={{
          columns: [t('enpi.date'), t('enpi.actual'), t('enpi.expected'), '±'],
          rows: () =>
            plot.periods.map((p) => [
              period(p.date),
              energy(p.actual_wh),
              energy(p.expected_wh),
              energy(p.halfWidth_wh),
            ]),
        }}
      />
    </Section>
  );
}

const residualViews = ['time', 'fitted', 'distribution'] as const;

export function CandidateResiduals(props: Props) {
  const { answer, candidate, confidence } = props;
  const { t, plot, scale, period, energy, name, perPeriod, height } = usePlot(props);
  const [view, setView] = useState<(typeof residualViews)[number]>('time');
  const { statistics } = candidate;
  const isMonths = answer.granularity === 'month';
  const option = useCallback(
    (context: ChartContext) => {
      if (view === 'fitted')
        return residualsFittedOption(
          {
            points: plot.fitted.map((p, i) => ({
              ...p,
              label: formatLocalDate(t.locale, plot.fittedDates[i] as string, isMonths ? 'month' : 'date'),
            })),
            halfWidth_wh: plot.halfWidth_wh,
            scale,
          },
          context,
        );
      if (view === 'distribution')
        return residualDistributionOption(
          {
            residuals_wh: plot.fitted.map((p) => p.residual_wh),
            standardDeviation_wh: statistics.sigma_wh,
            scale,
          },
          context,
          {
            count: (count) => t(isMonths ? 'workbench.countMonths' : 'workbench.countDays', { count }),
            normal: t('workbench.normal'),
          },
        );
      return residualsOption(
        { days: plot.residuals, halfWidth_wh: plot.halfWidth_wh, scale, color: color(context) },
        context,
        { mean: (value) => t(isMonths ? 'workbench.residualMeanMonth' : 'enpi.residualMean', { value }) },
      );
    },
    [view, plot, scale, statistics, isMonths, t],
  );
  if (plot.residuals.length === 0) return null;
  return (
    <Section
      proof={{ without: 'trial' }}
      title={t('enpi.residuals')}
      subject={perPeriod}
      basis={t(isMonths ? 'workbench.residualsBasisMonths' : 'enpi.residualsBasis', {
        lag: formatNumber(t.locale, statistics.autocorrelation, { decimals: 2 }),
        n: statistics.n,
        effective: Math.round(statistics.effectiveN),
      })}
    >
      <fieldset className={styles.switch} aria-label={t('workbench.residualView')}>
        {residualViews.map((v) => (
          <button key={v} type="button" aria-pressed={v === view} onClick={() => setView(v)}>
            {t(`workbench.residuals.${v}`)}
          </button>
        ))}
      </fieldset>
      <Chart
        proof={{ without: 'trial' }}
        key={view}
        family="scatter"
        option={option}
        height={height - 34}
        timeZone={answer.timeZone}
        label={t('workbench.residualLabel', {
          view: t(`workbench.residuals.${view}`),
          name,
          confidence: quantityText(formatPercent(t.locale, confidence, { decimals: 0 })),
        })}
        fileName={`residuals-${view}`}
        walkedSeries={view === 'time' ? 2 : view === 'fitted' ? 1 : 0}
        table={{
          columns: [t('enpi.date'), t('enpi.expected'), t('enpi.difference')],
          rows: () =>
            plot.fitted.map((p, i) => [
              period(plot.fittedDates[i] as string),
              energy(p.fitted_wh),
              energy(p.residual_wh, true),
            ]),
        }}
      />
    </Section>
  );
}

export function CandidateCusum(props: Props) {
  const { answer } = props;
  const { t, plot, scale: row, period, percent, name, height } = usePlot(props);
  const scale = useMemo(() => {
    const high = Math.max(0, ...plot.cusum.map((c) => Math.abs(c.cusum_wh)));
    return row.unit === 'kWh' && high >= 1e7 ? { factor: 1e6, unit: 'MWh' } : row;
  }, [plot, row]);
  const option = useCallback(
    (context: ChartContext) =>
      cusumOption({ days: plot.cusum, scale, color: color(context) }, context, {
        noChange: t('workbench.noChange', { confidence: percent }),
      }),
    [plot, scale, percent, t],
  );
  const last = plot.cusum[plot.cusum.length - 1];
  if (!last) return null;
  const text = (base: number, signed = false): string =>
    quantityText(formatQuantity(t.locale, base, answer.unit as ShownUnit, { scale, decimals: 2, signed }));
  return (
    <Section
      proof={{ without: 'trial' }}
      title={t('enpi.cusum')}
      subject={t('enpi.cusumSubject', { unit: scale.unit })}
      basis={t('workbench.cusumBasis')}
    >
      <Chart
        proof={{ without: 'trial' }}
        family="line"
        option={option}
        height={height}
        timeZone={answer.timeZone}
        label={t('enpi.cusumLabel', { name, value: text(last.cusum_wh, true), date: period(last.date) })}
        fileName="cusum"
        walkedSeries={1}
        table={{
          columns: [t('enpi.date'), t('enpi.cusum'), '±'],
          rows: () =>
            plot.cusum.map((c) => [
              period(c.date),
              text(c.cusum_wh, true),
              c.band_wh === null ? '—' : text(c.band_wh),
            ]),
        }}
      />
    </Section>
  );
}
