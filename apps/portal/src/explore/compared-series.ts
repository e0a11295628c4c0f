'use client';
import type { ComparedSeries } from '@wattproof/charts';
import type { Series } from '@wattproof/contracts/api';
import { formatLocalDate, type PortalTranslator } from '@wattproof/messages';
import { useMemo } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { useComparison } from '../shell/against.tsx';
import { type ComparedSpan, comparedSpan, shiftDays } from '../shell/comparison.ts';
import type { Period } from '../shell/period.ts';
import { type SeriesWish, seriesPath } from './series-path.ts';
import { useLoaded } from './use-series.ts';

type OneSeries = Series['series'][number];

/** Values of a series in base units, whichever way it is measured. */
export const valuesOf = (s: OneSeries): readonly (number | null)[] => s.delta ?? s.mean ?? [];

/** A compared period, laid upon the shown one. */
export interface Compared {
  /** What the compared period is called: its dates. */
  readonly name: string;
  readonly seriesOf: (shown: OneSeries) => ComparedSeries | undefined;
  readonly error: string | null;
}

/** Reads the period that the one in the URL is held against; null where none is chosen. */
export function useCompared(wish: SeriesWish, period: Period, timeZone: string): Compared | null {
  const t = useTranslator();
  const comparison = useComparison();
  const span = useMemo(() => (comparison ? comparedSpan(period, comparison) : null), [comparison, period]);
  const shifted = (at: string, days: number): string =>
    new Date(shiftDays(timeZone, Date.parse(at), days)).toISOString();
  const path = span
    ? seriesPath({
        ...wish,
        from: shifted(wish.from, -span.shift_days),
        to: shifted(wish.to, -span.shift_days),
      })
    : null;
  const { value, error } = useLoaded<Series>(path);
  return useMemo(() => {
    if (!span) return null;
    const laid = new Map(value?.series.map((s) => [keyOf(s), laidUpon(s, span, timeZone)]));
    return {
      name: nameOf(span, t),
      seriesOf: (shown) => laid.get(keyOf(shown)),
      error,
    };
  }, [span, value, error, timeZone, t]);
}

const nameOf = ({ from, to }: ComparedSpan, t: PortalTranslator): string =>
  from === to
    ? formatLocalDate(t.locale, from, 'day')
    : t('period.span', {
        from: formatLocalDate(t.locale, from, 'date'),
        to: formatLocalDate(t.locale, to, 'date'),
      });

const keyOf = (s: OneSeries): string => `${s.meterId} ${s.measurand}`;

const laidUpon = (s: OneSeries, { shift_days }: ComparedSpan, timeZone: string): ComparedSeries => ({
  start_ms: s.start.map((at) => shiftDays(timeZone, Date.parse(at), shift_days)),
  duration_s: s.duration_s,
  value: valuesOf(s),
});
