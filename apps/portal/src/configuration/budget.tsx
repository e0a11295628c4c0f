'use client';
import type { LineForecastView } from '@wattproof/contracts/api';
import { formatNumber } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './configuration.module.css';

export interface BudgetLine {
  readonly key: string;
  readonly name: string;
  readonly forecast: LineForecastView | undefined;
  /** As the gateway measures it; null where it has not said. */
  readonly busyShare?: number | null;
}

/** From here on a line has no room for devices that do not answer. */
const full = 0.95;

/** The time of each line as a rule from empty to full, with the part that each device takes. */
export function Budget({ lines }: { readonly lines: readonly BudgetLine[] }) {
  const t = useTranslator();
  return (
    <div className={styles.budgets}>
      {lines.map((line) => (
        <LineBudget key={line.key} line={line} t={t} />
      ))}
    </div>
  );
}

function LineBudget({
  line: { name, forecast, busyShare },
  t,
}: {
  readonly line: BudgetLine;
  readonly t: ReturnType<typeof useTranslator>;
}) {
  if (!forecast) return null;
  const number = (value: number, decimals: number): string => formatNumber(t.locale, value, { decimals });
  const isNetwork = forecast.devices.every((d) => d.loadShare === 0);
  const text = isNetwork
    ? t('configuration.budgetNetwork', { count: forecast.devices.length })
    : t('configuration.budgetText', {
        cycle: number(forecast.cycle_ms / 1000, 1),
        percent: number(100 * forecast.loadShare, 0),
        shortest: number(forecast.shortestPeriod_s, 0),
      });
  const measured =
    busyShare === null || busyShare === undefined
      ? ''
      : t('configuration.budgetNow', { percent: number(100 * busyShare, 0) });
  let at = 0;
  return (
    <div className={styles.budget}>
      <strong>{name}</strong>
      {(!isNetwork || measured !== '') && (
        <svg
          width="100%"
          height="30"
          role="img"
          aria-label={t('configuration.budgetLabel', { line: name, text })}
          className={styles.budgetScale}
        >
          {isNetwork && (
            <rect x="0" y="8" width={`${100 * (busyShare ?? 0)}%`} height="9" className={styles.busy} />
          )}
          {forecast.devices.map((device, i) => {
            const from = at;
            at += device.loadShare;
            const isOver = at > full;
            return (
              <rect
                key={device.unitAddress}
                x={`${100 * Math.min(1, from)}%`}
                y="8"
                width={`${Math.max(0, 100 * (Math.min(1, at) - Math.min(1, from)))}%`}
                height="9"
                className={isOver ? styles.over : i % 2 === 0 ? styles.even : styles.odd}
              >
                <title>
                  {`${device.unitAddress}, ${device.names.join(', ')}: ${number(device.reading_ms, 0)} ms`}
                </title>
              </rect>
            );
          })}
          <line x1="0" x2="100%" y1="18.5" y2="18.5" className={styles.ruler} />
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <line
              key={share}
              x1={`${100 * share}%`}
              x2={`${100 * share}%`}
              y1="18.5"
              y2="25"
              className={styles.ruler}
            />
          ))}
          <line x1={`${100 * full}%`} x2={`${100 * full}%`} y1="4" y2="25" className={styles.limit} />
          {busyShare !== null && busyShare !== undefined && (
            <svg x={`${100 * Math.min(1, busyShare)}%`} y="0" overflow="visible" aria-hidden="true">
              <path d="M-5 0h10l-5 7z" className={styles.needle} />
            </svg>
          )}
        </svg>
      )}
      <small>{[text, measured].filter(Boolean).join('; ')}</small>
    </div>
  );
}
