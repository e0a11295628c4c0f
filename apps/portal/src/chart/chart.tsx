'use client';
import type { ChartContext } from '@wattproof/charts';
import type { ECharts, EChartsOption } from 'echarts';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useFigureSource } from '../receipt/figure-source.tsx';
import { type Proof, receiptOf } from '../receipt/proof.ts';
import { ReceiptButton } from '../receipt/receipt-button.tsx';
import { csvText, saveFile } from '../table/csv.ts';
import styles from './chart.module.css';
import { useTheme } from './theme.ts';

/** The numbers behind a chart, for people who read rather than look, and for export. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: () => readonly (readonly string[])[];
}

export interface ChartProps {
  /** Which chart family is loaded: one chunk each. */
  readonly family: 'line' | 'scatter' | 'bar';
  /** Option of the chart for a theme, a language and a width. Its identity decides when the chart is drawn anew. */
  readonly option: (context: ChartContext) => EChartsOption;
  readonly height: number;
  readonly timeZone: string;
  /** What the chart shows, in a sentence. */
  readonly label: string;
  readonly fileName: string;
  readonly table: ChartTable;
  /** Series whose points the arrow keys walk along. */
  readonly walkedSeries?: number;
  /** Points of a row where they lie in rows and columns: up and down then step by a row. */
  readonly walkedRow?: number;
  /** Rows lie side by side, so the arrows change roles. */
  readonly isCarpet?: boolean;
  /** Called with the axis values of a zoom. */
  readonly onZoom?: (from: number, to: number) => void;
  /** What proves the values that are drawn: one receipt for all of them. */
  readonly proof: Proof;
  /** Words beside the door to the table: a legend, a method. */
  readonly legend?: ReactNode;
}

const families = {
  line: () => import('./echarts-line.ts'),
  scatter: () => import('./echarts-scatter.ts'),
  bar: () => import('./echarts-bar.ts'),
} as const;

/** A chart that arrives after the page: its place is kept, its numbers are there as a table. */
export function Chart(props: ChartProps) {
  const { family, option, height, timeZone, label, walkedSeries = 0, walkedRow, isCarpet, onZoom } = props;
  const t = useTranslator();
  const theme = useTheme();
  const receipt = receiptOf(props.proof, useFigureSource());
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const walked = useRef(-1);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  const [width, setWidth] = useState(0);
  const [isReady, setReady] = useState(false);

  useEffect(() => {
    const node = place.current;
    if (!node) return;
    let isGone = false;
    let observer: ResizeObserver | null = null;
    void Promise.all([families[family](), document.fonts.ready]).then(([{ init }]) => {
      if (isGone) return;
      const made = init(node, null, { renderer: 'canvas' });
      chart.current = made;
      made.on('datazoom', () => {
        const [range] =
          (made.getOption() as { dataZoom?: { startValue: number; endValue: number }[] }).dataZoom ?? [];
        if (range) zoom.current?.(range.startValue, range.endValue);
      });
      observer = new ResizeObserver(() => {
        made.resize();
        setWidth(node.clientWidth);
      });
      observer.observe(node);
      setWidth(node.clientWidth);
      setReady(true);
    });
    return () => {
      isGone = true;
      observer?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [family]);

  useEffect(() => {
    const made = chart.current;
    if (!isReady || !made || width === 0) return;
    made.setOption(option({ theme, locale: t.locale, timeZone, width }), { notMerge: true });
    if (zoom.current)
      made.dispatchAction({
        type: 'takeGlobalCursor',
        key: 'dataZoomSelect',
        dataZoomSelectActive: true,
      });
  }, [option, theme, t, timeZone, width, isReady]);

  const walk = (event: KeyboardEvent): void => {
    const made = chart.current;
    const step = stepOf(event.key, walkedRow, isCarpet);
    if (!made || step === 0) return;
    event.preventDefault();
    const series = (made.getOption() as { series?: { data?: unknown[] }[] }).series?.[walkedSeries];
    const count = series?.data?.length ?? 0;
    if (count === 0) return;
    // The first key enters at the first point; a step past an edge stays where it is.
    const next = walked.current === -1 ? 0 : walked.current + step;
    walked.current = next < 0 || next >= count ? walked.current : next;
    made.dispatchAction({ type: 'showTip', seriesIndex: walkedSeries, dataIndex: walked.current });
  };

  return (
    <figure
      className={styles.chart}
      data-receipt={receipt ?? undefined}
      data-receiptless={'without' in props.proof ? props.proof.without : undefined}
    >
      <div
        className={styles.place}
        style={{ height }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read the points of the chart
        tabIndex={0}
        role="img"
        aria-label={label}
        aria-busy={!isReady}
        onKeyDown={walk}
        onBlur={() => chart.current?.dispatchAction({ type: 'hideTip' })}
      >
        <div ref={place} className={styles.canvas} />
      </div>
      <ChartFoot
        {...props}
        receipt={receipt}
        png={() => chart.current?.getDataURL({ pixelRatio: 2, backgroundColor: theme.colors.sheet }) ?? null}
      />
    </figure>
  );
}

/** How many points an arrow key moves on: along a line by one; in rows and columns also by a row. */
function stepOf(key: string, row: number | undefined, isCarpet = false): number {
  const [along, across] = isCarpet && row ? [row, 1] : [1, row ?? 0];
  if (key === 'ArrowRight') return along;
  if (key === 'ArrowLeft') return -along;
  if (key === 'ArrowDown') return across;
  if (key === 'ArrowUp') return -across;
  return 0;
}

/** How many rows a table behind a chart shows; the export has all. */
const mostRows = 400;

function ChartFoot({
  table,
  fileName,
  label,
  legend,
  receipt,
  png,
}: ChartProps & { readonly receipt: string | null; readonly png: () => string | null }) {
  const t = useTranslator();
  const [isOpen, setOpen] = useState(false);
  const rows = isOpen ? table.rows() : [];
  const savePng = (): void => {
    const url = png();
    if (!url) return;
    const link = document.createElement('a');
    link.href = url;
    link.download = `${fileName}.png`;
    link.click();
  };
  return (
    <div className={styles.footLine}>
      <details className={styles.foot} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('chart.table')}</summary>
        <div className={styles.actions}>
          <Button
            kind="words"
            onClick={() => saveFile(`${fileName}.csv`, 'text/csv', csvText([table.columns, ...table.rows()]))}
          >
            {t('chart.csv')}
          </Button>
          <Button kind="words" onClick={savePng}>
            {t('chart.png')}
          </Button>
        </div>
        {isOpen && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keys
          <section className={styles.scroll} tabIndex={0} aria-label={label}>
            <table>
              <thead>
                <tr>
                  {table.columns.map((column) => (
                    <th key={column} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, mostRows).map((row) => (
                  <tr key={row.join('|')}>
                    {row.map((cell, i) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their column
                      <td key={i}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
            {rows.length > mostRows && <p>{t('table.rowsOf', { shown: mostRows, all: rows.length })}</p>}
          </section>
        )}
      </details>
      {receipt && <ReceiptButton receipt={receipt} label={label} />}
      {legend && <div className={styles.legend}>{legend}</div>}
    </div>
  );
}
