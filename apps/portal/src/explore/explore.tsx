'use client';
import type { Meter, Series } from '@wattproof/contracts/api';
import { findMeasurand } from '@wattproof/energy';
import { formatMeasurand } from '@wattproof/messages';
import { useEffect, useMemo, useRef, useState } from 'react';
import { request } from '../api/client.ts';
import { useTheme } from '../chart/theme.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { Button } from '../form/button.tsx';
import { FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { withQuery } from '../shell/query.ts';
import { State } from '../state/state.tsx';
import styles from './explore.module.css';
import { colorsOf, SeriesChart } from './series-chart.tsx';
import { SeriesSummary } from './series-summary.tsx';

/** Hues that the eye can tell apart in one chart. */
const mostSeries = 6;
/** A zoom narrower than this shows nothing new. */
const leastSpan_ms = 15 * 60_000;

export interface ExploreProps {
  readonly siteName: string;
  readonly timeZone: string;
  readonly meters: readonly Meter[];
  readonly initialMeterIds: readonly number[];
  readonly initialMeasurand: string;
  readonly from: string;
  readonly to: string;
  readonly initialZoom: { readonly from: string; readonly to: string } | null;
  readonly initialSeries: Series | null;
}

/** Any meters and any measurand over any period; the state stands in the URL. */
export function Explore(props: ExploreProps) {
  const { timeZone, meters } = props;
  const t = useTranslator();
  const theme = useTheme();
  const [meterIds, setMeterIds] = useState(props.initialMeterIds);
  const [measurand, setMeasurand] = useState(props.initialMeasurand);
  const [zoom, setZoom] = useState(props.initialZoom);
  const window_ = zoom ?? { from: props.from, to: props.to };
  const { series, error, isLoading } = useSeries(meterIds, measurand, window_, props.initialSeries);

  useEffect(() => {
    const next = withQuery(window.location.search, {
      meters: meterIds.length > 0 ? meterIds.join(',') : null,
      measurand,
      carrier: null,
      from: zoom?.from ?? null,
      to: zoom?.to ?? null,
    });
    if (next !== window.location.search)
      window.history.replaceState(null, '', `${window.location.pathname}${next}`);
  }, [meterIds, measurand, zoom]);

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
  const name = t(`measurand.${measurand}` as 'measurand.active_power_w');
  const colors = series ? colorsOf(theme, series, meters) : [];
  const isEmpty = series?.series.every((s) => s.quality.every((q) => q === 'missing')) ?? false;
  return (
    <>
      <Verdict title={t('explore.title')} aside={props.siteName}>
        {t('explore.subject', { measurand: name, unit: unitOf(measurand) })}
      </Verdict>
      <div className={styles.layout}>
        <Section
          title={name}
          subject={
            <span className={styles.chips}>
              {chosen.map((meter, i) => (
                <span key={meter.id} className={styles.chip}>
                  <span className={styles.line} style={{ background: colors[i] ?? 'var(--ctl)' }} />
                  {meter.name}
                  <button
                    type="button"
                    aria-label={t('explore.remove', { meter: meter.name })}
                    onClick={() => toggle(meter.id)}
                  >
                    <Icon name="close" size={12} />
                  </button>
                </span>
              ))}
            </span>
          }
          basis={
            <>
              {zoom && (
                <Button kind="words" onClick={() => setZoom(null)}>
                  {t('chart.reset')}
                </Button>
              )}{' '}
              {t('explore.basis', {
                resolution: t(`explore.resolution.${series?.resolution ?? 'auto'}`),
                zone: timeZone,
              })}
            </>
          }
        >
          <div className={styles.chart} data-loading={isLoading || undefined} aria-busy={isLoading}>
            {error && <FormError>{error}</FormError>}
            {meterIds.length === 0 ? (
              <State title={t('explore.none')} level={3} />
            ) : isEmpty ? (
              <State title={t('explore.empty', { measurand: name })} level={3} />
            ) : (
              series && <SeriesChart series={series} meters={meters} timeZone={timeZone} onZoom={onZoom} />
            )}
          </div>
          {series && meterIds.length > 0 && !isEmpty && <SeriesSummary series={series} colors={colors} />}
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

function useSeries(
  meterIds: readonly number[],
  measurand: string,
  span: { readonly from: string; readonly to: string },
  initial: Series | null,
): { readonly series: Series | null; readonly error: string | null; readonly isLoading: boolean } {
  const t = useTranslator();
  const [state, setState] = useState<{ series: Series | null; error: string | null; isLoading: boolean }>({
    series: initial,
    error: null,
    isLoading: false,
  });
  const isFirst = useRef(initial !== null);
  const meters = meterIds.join(',');
  const { from, to } = span;
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    if (meters === '') return;
    const abort = new AbortController();
    setState((s) => ({ ...s, isLoading: true }));
    const query = new URLSearchParams({ meters, measurand, from, to });
    void request<Series>(`/series?${query}`, { signal: abort.signal }).then((answer) => {
      if (abort.signal.aborted) return;
      setState(
        answer.ok
          ? { series: answer.value, error: null, isLoading: false }
          : { series: null, error: problemText(t, answer.problem), isLoading: false },
      );
    });
    return () => abort.abort();
  }, [meters, measurand, from, to, t]);
  return state;
}

function MeterPicker({
  meters,
  chosen,
  onToggle,
  measurands,
  measurand,
  onMeasurand,
}: {
  readonly meters: readonly Meter[];
  readonly chosen: readonly number[];
  readonly onToggle: (id: number) => void;
  readonly measurands: readonly string[];
  readonly measurand: string;
  readonly onMeasurand: (name: string) => void;
}) {
  const t = useTranslator();
  const [query, setQuery] = useState('');
  const shown = useMemo(
    () => meters.filter((m) => m.name.toLowerCase().includes(query.toLowerCase())),
    [meters, query],
  );
  return (
    <div className={styles.picker}>
      <label className={styles.label}>
        {t('explore.measurand')}
        <select value={measurand} onChange={(event) => onMeasurand(event.target.value)}>
          {measurands.map((name) => (
            <option key={name} value={name}>
              {t(`measurand.${name}` as 'measurand.active_power_w')}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.label}>
        {t('explore.find')}
        <input type="search" value={query} onChange={(event) => setQuery(event.target.value)} />
      </label>
      {chosen.length >= mostSeries && <p className={styles.note}>{t('explore.most')}</p>}
      <ul className={styles.list}>
        {shown.map((meter) => {
          const isChosen = chosen.includes(meter.id);
          return (
            <li key={meter.id}>
              <label className={styles.option}>
                <input
                  type="checkbox"
                  checked={isChosen}
                  disabled={!isChosen && chosen.length >= mostSeries}
                  onChange={() => onToggle(meter.id)}
                />
                {meter.energyUse ? (
                  <UseTag use={meter.energyUse} name={t(`use.${meter.energyUse}`)} />
                ) : (
                  <CarrierTag carrier={meter.carrier} name={t(`carrier.${meter.carrier}` as 'carrier.gas')} />
                )}
                <span>{meter.name}</span>
              </label>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
