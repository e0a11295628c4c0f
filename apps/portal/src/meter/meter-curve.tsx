'use client';
import type { Meter, Series } from '@wattproof/contracts/api';
import { measurandText } from '@wattproof/messages';
import Link from 'next/link';
import { useState } from 'react';
import { useTheme } from '../chart/theme.ts';
import { useCompared } from '../explore/compared-series.ts';
import exploreStyles from '../explore/explore.module.css';
import { resolutionText } from '../explore/resolution-text.ts';
import { colorsOf, SeriesChart } from '../explore/series-chart.tsx';
import { seriesPath } from '../explore/series-path.ts';
import { SeriesSummary } from '../explore/series-summary.tsx';
import { useSeries } from '../explore/use-series.ts';
import { Section } from '../figure/section.tsx';
import { FormError } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { Against } from '../shell/against.tsx';
import { useNarrow } from '../shell/narrow.ts';
import type { Period } from '../shell/period.ts';
import { sitePath } from '../shell/place.ts';
import { withQuery } from '../shell/query.ts';
import { State } from '../state/state.tsx';
import { type CurveGroup, chosenGroup } from './curve-group.ts';

/** The curve of a meter: power, energy, or a quantity by phase, with its quality, held against another period on demand. */
export function MeterCurve({
  meter,
  groups,
  initialGroupId,
  initialSeries,
  period,
  from,
  to,
  timeZone,
}: {
  readonly meter: Meter;
  readonly groups: readonly CurveGroup[];
  readonly initialGroupId: string | null;
  readonly initialSeries: Series | null;
  readonly period: Period;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}) {
  const t = useTranslator();
  const theme = useTheme();
  const isNarrow = useNarrow();
  const [groupId, setGroupId] = useState(initialGroupId);
  const group = chosenGroup(groups, groupId);
  const wish = { meterIds: [meter.id], measurands: group?.measurands ?? [], from, to };
  const { value: series, error, isLoading } = useSeries(wish, initialSeries);
  const compared = useCompared(
    series ? { ...wish, resolution: series.resolution } : { ...wish, meterIds: [] },
    period,
    timeZone,
  );
  if (!group) return null;
  const choose = (id: string): void => {
    setGroupId(id);
    window.history.replaceState(
      null,
      '',
      `${window.location.pathname}${withQuery(window.location.search, { curve: id })}`,
    );
  };
  const meters = [meter];
  const isEmpty = series?.series.every((s) => s.quality.every((q) => q === 'missing')) ?? false;
  const [first = ''] = group.measurands;
  return (
    <Section
      title={t('meter.curve')}
      subject={
        <select
          className={exploreStyles.resolution}
          aria-label={t('meter.curveOf')}
          value={group.id}
          onChange={(event) => choose(event.target.value)}
        >
          {groups.map((g) => (
            <option key={g.id} value={g.id}>
              {g.id === 'own' ? measurandText(t, g.measurands[0] ?? '') : t(g.title)}
            </option>
          ))}
        </select>
      }
      basis={
        <span className={exploreStyles.basis}>
          {isNarrow && <Against />}
          {series &&
            t('explore.basis', {
              resolution: resolutionText(t, series.resolution, series.series[0]?.base_s),
              zone: timeZone,
            })}
          <Link href={sitePath(meter.siteId, `/explore?meters=${meter.id}&measurand=${first}`)}>
            {t('meter.explore')}
          </Link>
        </span>
      }
    >
      <FigureSource path={seriesPath(wish) ?? ''}>
        <div className={exploreStyles.chart} data-loading={isLoading || undefined} aria-busy={isLoading}>
          {error && <FormError>{error}</FormError>}
          {isEmpty ? (
            <State title={t('explore.empty', { measurand: measurandText(t, first) })} level={3} />
          ) : (
            series && <SeriesChart series={series} meters={meters} timeZone={timeZone} compared={compared} />
          )}
        </div>
        {series && !isEmpty && (
          <SeriesSummary series={series} colors={colorsOf(theme, series, meters)} compared={compared} />
        )}
      </FigureSource>
    </Section>
  );
}
