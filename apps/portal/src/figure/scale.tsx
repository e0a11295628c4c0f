import { scalePosition, scaleTicks } from '@wattproof/charts';
import styles from './scale.module.css';

export interface ScaleBand {
  readonly low: number;
  readonly high: number;
}

/**
 * The ruled scale: a line with minor and labelled major ticks, the unit on the last label, a bar from zero, the band
 * behind it, a needle at the value. Everything is placed in percent, so it fits any width without a script.
 */
export function Scale({
  min = 0,
  max,
  value,
  band,
  mark,
  color,
  unit,
  format,
  label,
  majors = 6,
  interval,
}: {
  readonly min?: number;
  readonly max: number;
  readonly value?: number | null;
  readonly band?: ScaleBand | null;
  /** A fixed value on the scale, with its words: subscribed power, threshold. */
  readonly mark?: { readonly value: number; readonly label: string; readonly isSolid?: boolean } | null;
  readonly color?: string;
  readonly unit: string;
  readonly format: (value: number) => string;
  /** What the scale says, for those who do not see it. */
  readonly label: string;
  readonly majors?: number;
  /** An interval instead of a bar from zero: filled when it excludes zero, outlined when it holds it. */
  readonly interval?: { readonly low: number; readonly high: number; readonly holdsZero: boolean } | null;
}) {
  const at = (v: number): string => `${(scalePosition(v, min, max) * 100).toFixed(3)}%`;
  const width = (a: number, b: number): string =>
    `${(Math.max(0, scalePosition(b, min, max) - scalePosition(a, min, max)) * 100).toFixed(3)}%`;
  const ticks = scaleTicks({ min, max, majors });
  const major = ticks.filter((tick) => tick.isMajor);
  const excess = band && value != null && value > band.high ? band.high : null;
  const barEnd = excess ?? value ?? null;
  // The unit stands on the last number; zero of an interval scale has words instead.
  const unitAt = interval ? major.findLastIndex((tick) => tick.value !== 0) : major.length - 1;
  return (
    <div className={styles.scale} role="img" aria-label={label}>
      <svg width="100%" height="46" aria-hidden="true" className={styles.drawing}>
        {band && (
          <rect
            x={at(band.low)}
            y="8"
            width={width(band.low, band.high)}
            height="14"
            className={styles.band}
          />
        )}
        {interval ? (
          <>
            <rect
              x={at(interval.low)}
              y="11"
              width={width(interval.low, interval.high)}
              height="10"
              className={interval.holdsZero ? styles.outline : styles.answer}
            />
            <line x1={at(0)} x2={at(0)} y1="2" y2="28" className={styles.zero} />
            {value != null && <line x1={at(value)} x2={at(value)} y1="9" y2="23" className={styles.center} />}
          </>
        ) : (
          barEnd !== null && (
            <rect
              x={at(Math.min(Math.max(0, min), barEnd))}
              y="15"
              width={width(Math.min(Math.max(0, min), barEnd), Math.max(Math.max(0, min), barEnd))}
              height="6"
              style={{ fill: color ?? 'var(--accent)' }}
            />
          )
        )}
        {excess !== null && value != null && (
          <rect x={at(excess)} y="15" width={width(excess, value)} height="6" className={styles.excess} />
        )}
        <line x1="0" x2="100%" y1="27.5" y2="27.5" className={styles.line} />
        {ticks.map((tick) => (
          <line
            key={tick.value}
            x1={`${tick.at * 100}%`}
            x2={`${tick.at * 100}%`}
            y1="27.5"
            y2={tick.isMajor ? 35 : 31.5}
            className={tick.isMajor ? styles.major : styles.minor}
          />
        ))}
        {mark && (
          <>
            <line
              x1={at(mark.value)}
              x2={at(mark.value)}
              y1="2"
              y2="27"
              className={mark.isSolid ? styles.threshold : styles.mark}
            />
            {mark.isSolid && (
              <svg x={at(mark.value)} y="0" overflow="visible" aria-hidden="true">
                <path d="M-5 0h10l-5 7z" className={styles.thresholdHead} />
              </svg>
            )}
          </>
        )}
        {!interval && value != null && (
          <svg x={at(value)} y="0" overflow="visible" aria-hidden="true">
            <path d="M-5 1h10l-5 8z" className={styles.needleHead} />
            <path d="M0 8v22" className={styles.needle} />
          </svg>
        )}
      </svg>
      <div className={styles.labels} aria-hidden="true" data-receiptless="tick">
        {major.map((tick, i) => (
          <span
            key={tick.value}
            style={{ left: `${tick.at * 100}%` }}
            data-edge={tick.at < 0.02 ? 'start' : tick.at > 0.94 ? 'end' : undefined}
          >
            {format(tick.value)}
            {i === unitAt && ` ${unit}`}
          </span>
        ))}
      </div>
      {mark && (
        <span
          className={styles.markLabel}
          aria-hidden="true"
          data-receiptless="stated"
          style={{ left: at(mark.value) }}
          data-edge={scalePosition(mark.value, min, max) > 0.7 ? 'end' : undefined}
        >
          {mark.label}
        </span>
      )}
    </div>
  );
}
