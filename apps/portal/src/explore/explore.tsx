'use client';
import { seriesColors } from '@wattproof/charts';
import type { Meter, Series } from '@wattproof/contracts/api';
import { findMeasurand } from '@wattproof/energy';
import { formatMeasurand, measurandText } from '@wattproof/messages';
import { useEffect, useState } from 'react';
import { useTheme } from '../chart/theme.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { FormError } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { Against } from '../shell/against.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { addDays, type Period, spanOf } from '../shell/period.ts';
import { withQuery } from '../shell/query.ts';
import { State } from '../state/state.tsx';
import { type Compared, useCompared } from './compared-series.ts';
import { DurationView } from './duration-view.tsx';
import styles from './explore.module.css';
import { type ExploreView, exploreViews, type ShownResolution, shownResolutions } from './explore-view.ts';
import { HeatView } from './heat-view.tsx';
import { MeterPicker, mostSeries } from './meter-picker.tsx';
import { resolutionText } from './resolution-text.ts';
import { colorOfMeter, colorsOf, SeriesChart } from './series-chart.tsx';
import type { SeriesWish } from './series-path.ts';
import { seriesPath } from './series-path.ts';
import { SeriesSummary } from './series-summary.tsx';
import { useSeries } from './use-series.ts';

/** A zoom narrower than this shows nothing new. */
const leastSpan_ms = 15 * 60_000;

export interface ExploreProps {
  readonly siteName: string;
  readonly timeZone: string;
  readonly meters: readonly Meter[];
  readonly period: Period;
  readonly initialMeterIds: readonly number[];
  readonly initialMeasurand: string;
  readonly initialView: ExploreView;
  readonly initialResolution: ShownResolution;
  readonly from: string;
  readonly to: string;
  readonly initialZoom: { readonly from: string; readonly to: string } | null;
  readonly initialSeries: Series | null;
}

/** Any meters and any measurand over any period; the state stands in the URL. */
export function Explore(props: ExploreProps) {
  const { timeZone, meters, period } = props;
  const t = useTranslator();
  const isNarrow = useNarrow();
  const [meterIds, setMeterIds] = useState(props.initialMeterIds);
  const [measurand, setMeasurand] = useState(props.initialMeasurand);
  const [view, setView] = useState(props.initialView);
  const [resolution, setResolution] = useState(props.initialResolution);
  const [zoom, setZoom] = useState(props.initialZoom);
  const window_ = zoom ?? { from: props.from, to: props.to };
  const wish: SeriesWish = { meterIds, measurands: [measurand], ...window_, resolution };
  const isCurve = view === 'curve';
  const {
    value: series,
    error,
    isLoading,
  } = useSeries(isCurve ? wish : { ...wish, meterIds: [] }, props.initialSeries);
  const compared = useCompared(
    // The same tier as what is shown, so that points meet.
    isCurve && series ? { ...wish, resolution: series.resolution } : { ...wish, meterIds: [] },
    period,
    timeZone,
  );

  useEffect(() => {
    const next = withQuery(window.location.search, {
      meters: meterIds.length > 0 ? meterIds.join(',') : null,
      measurand,
      view: view === 'curve' ? null : view,
      resolution: resolution === 'auto' ? null : resolution,
      carrier: null,
      from: zoom?.from ?? null,
      to: zoom?.to ?? null,
    });
    if (next !== window.location.search)
      window.history.replaceState(null, '', `${window.location.pathname}${next}`);
  }, [meterIds, measurand, view, resolution, zoom]);

  const chosen = meterIds.flatMap((id) => meters.find((m) => m.id === id) ?? []);
  const measurands = measurandsOf(chosen.length > 0 ? chosen : meters, measurand);
  const toggle = (id: number): void =>
    setMeterIds((ids) =>
      ids.includes(id) ? ids.filter((i) => i !== id) : ids.length < mostSeries ? [...ids, id] : ids,
    );
  const onZoom = (from_ms: number, to_ms: number): void => {
    const [low, high] = [Date.parse(window_.from), Date.parse(window_.to)];
    const from = Math.max(low, Math.round(from_ms / 1000) * 1000);
    const to = Math.min(high, Math.round(to_ms / 1000) * 1000);
    if (to - from < leastSpan_ms || (from <= low && to >= high)) return;
    setZoom({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  };
  const name = measurandText(t, measurand);
  const span = spanOf(period);
  const days = Math.round((Date.parse(span.to) - Date.parse(span.from)) / 86_400_000) + 1;
  return (
    <>
      <Verdict title={t('explore.title')} aside={props.siteName}>
        {t('explore.subject', { measurand: name, unit: unitOf(measurand) })}
      </Verdict>
      <div className={styles.layout}>
        <Section
          title={name}
          subject={<ViewTabs view={view} onView={setView} />}
          basis={
            isCurve ? (
              <span className={styles.basis}>
                {isNarrow && <Against />}
                {zoom && (
                  <Button kind="words" onClick={() => setZoom(null)}>
                    {t('chart.reset')}
                  </Button>
                )}
                <ResolutionPicker
                  resolution={resolution}
                  shown={series?.resolution ?? null}
                  base_s={series?.series[0]?.base_s}
                  onResolution={setResolution}
                />
                {timeZone}
              </span>
            ) : (
              timeZone
            )
          }
        >
          <Chips chosen={chosen} onRemove={toggle} />
          {chosen.length === 0 ? (
            <div className={styles.chart}>
              <State title={t('explore.none')} level={3} />
            </div>
          ) : view === 'heat' ? (
            chosen.map((meter) => (
              <div key={meter.id} className={styles.heat}>
                {chosen.length > 1 && <h3>{meter.name}</h3>}
                <HeatView
                  meter={meter}
                  measurand={measurand}
                  from={span.from}
                  to={addDays(span.to, 1)}
                  days={days}
                  timeZone={timeZone}
                />
              </div>
            ))
          ) : view === 'duration' ? (
            <DurationView
              meters={chosen}
              measurand={measurand}
              from={props.from}
              to={props.to}
              timeZone={timeZone}
            />
          ) : (
            <FigureSource path={seriesPath(wish) ?? ''}>
              <Curve
                series={series}
                error={error}
                isLoading={isLoading}
                compared={compared}
                meters={meters}
                name={name}
                timeZone={timeZone}
                onZoom={onZoom}
              />
            </FigureSource>
          )}
        </Section>
        <Section title={t('explore.meters')} subject={t('explore.chosen', { count: meterIds.length })}>
          <MeterPicker
            meters={meters}
            chosen={meterIds}
            onToggle={toggle}
            measurands={measurands}
            measurand={measurand}
            onMeasurand={setMeasurand}
          />
        </Section>
      </div>
    </>
  );
}

function Curve({
  series,
  error,
  isLoading,
  compared,
  meters,
  name,
  timeZone,
  onZoom,
}: {
  readonly series: Series | null;
  readonly error: string | null;
  readonly isLoading: boolean;
  readonly compared: Compared | null;
  readonly meters: readonly Meter[];
  readonly name: string;
  readonly timeZone: string;
  readonly onZoom: (from_ms: number, to_ms: number) => void;
}) {
  const t = useTranslator();
  const theme = useTheme();
  const isEmpty = series?.series.every((s) => s.quality.every((q) => q === 'missing')) ?? false;
  return (
    <>
      <div className={styles.chart} data-loading={isLoading || undefined} aria-busy={isLoading}>
        {error && <FormError>{error}</FormError>}
        {isEmpty ? (
          <State title={t('explore.empty', { measurand: name })} level={3} />
        ) : (
          series && (
            <SeriesChart
              series={series}
              meters={meters}
              timeZone={timeZone}
              compared={compared}
              onZoom={onZoom}
            />
          )
        )}
      </div>
      {series && !isEmpty && (
        <SeriesSummary series={series} colors={colorsOf(theme, series, meters)} compared={compared} />
      )}
    </>
  );
}

/** The chosen meters with their colours; a click takes one away. */
function Chips({
  chosen,
  onRemove,
}: {
  readonly chosen: readonly Meter[];
  readonly onRemove: (id: number) => void;
}) {
  const t = useTranslator();
  const theme = useTheme();
  const colors = seriesColors(
    theme,
    chosen.map((m) => colorOfMeter(theme, m)),
  );
  return (
    <p className={styles.chips}>
      {chosen.map((meter, i) => (
        <span key={meter.id} className={styles.chip}>
          <span className={styles.line} style={{ background: colors[i] }} />
          {meter.name}
          <button
            type="button"
            aria-label={t('explore.remove', { meter: meter.name })}
            onClick={() => onRemove(meter.id)}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
    </p>
  );
}

function ViewTabs({
  view,
  onView,
}: {
  readonly view: ExploreView;
  readonly onView: (view: ExploreView) => void;
}) {
  const t = useTranslator();
  return (
    <fieldset className={styles.tabs} aria-label={t('explore.views')}>
      {exploreViews.map((v) => (
        <button key={v} type="button" aria-pressed={v === view} onClick={() => onView(v)}>
          {t(`explore.view.${v}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** The resolution that is asked for; where it is chosen automatically the one shown is said. */
function ResolutionPicker({
  resolution,
  shown,
  base_s,
  onResolution,
}: {
  readonly resolution: ShownResolution;
  readonly shown: Series['resolution'] | null;
  readonly base_s: number | undefined;
  readonly onResolution: (resolution: ShownResolution) => void;
}) {
  const t = useTranslator();
  return (
    <select
      className={styles.resolution}
      aria-label={t('explore.resolution')}
      value={resolution}
      onChange={(event) => onResolution(event.target.value as ShownResolution)}
    >
      {shownResolutions.map((r) => (
        <option key={r} value={r}>
          {r === 'auto'
            ? t('explore.automatic', { resolution: resolutionText(t, shown ?? 'auto', base_s) })
            : resolutionText(t, r, base_s)}
        </option>
      ))}
    </select>
  );
}

const unitOf = (measurand: string): string => formatMeasurand('en', 1e6, measurand).unit;

/** What the chosen meters report, energies and powers first. */
function measurandsOf(meters: readonly Meter[], current: string): string[] {
  const found = new Set<string>([current]);
  for (const meter of meters) {
    if (meter.measurand) found.add(meter.measurand);
    for (const value of meter.latest?.values ?? []) found.add(value.measurand);
  }
  return [...found].sort((a, b) => (findMeasurand(a)?.id ?? 0) - (findMeasurand(b)?.id ?? 0));
}
