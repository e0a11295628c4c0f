'use client';
import { scalePosition, scaleTicks } from '@wattproof/charts';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './audit.module.css';
import { percent, shareOf } from './audit-text.ts';

/** The whole scale from 0 to 100 %, and a second, enlarged one around the threshold. */
export function CoverageScale({
  share,
  measured,
  threshold,
  isReached,
  amount,
}: {
  readonly share: number | null;
  readonly measured: number | null;
  readonly threshold: number;
  readonly isReached: boolean;
  readonly amount: string;
}) {
  const t = useTranslator();
  const said = t('audit.scaleSaid', {
    share: shareOf(t, share, threshold),
    threshold: percent(t, threshold, 0),
  });
  const at = (v: number): string => `${scalePosition(v, 0, 1) * 100}%`;
  const isClose = share !== null && Math.abs(share - threshold) < 0.06;
  return (
    <div className={styles.scales}>
      <div className={styles.scale} role="img" aria-label={said}>
        <span className={styles.thresholdText} style={{ left: at(threshold) }}>
          {t('audit.threshold', { share: percent(t, threshold, 0) })}
        </span>
        <svg width="100%" height="52" aria-hidden="true">
          <rect x="0.5" y="4.5" width="99.9%" height="23" className={styles.frame} />
          {share !== null && (
            <rect
              x="0"
              y="4"
              width={at(share)}
              height="24"
              className={isReached ? styles.bar : styles.barOpen}
            />
          )}
          {measured !== null && (
            <rect x="0" y="32" width={at(measured)} height="7" className={styles.second} />
          )}
          <line x1="0" x2="100%" y1="43.5" y2="43.5" className={styles.line} />
          {scaleTicks({ min: 0, max: 100, majors: 5 }).map((tick) => (
            <line
              key={tick.value}
              x1={`${tick.at * 100}%`}
              x2={`${tick.at * 100}%`}
              y1="43.5"
              y2={tick.isMajor ? 51 : 47}
              className={tick.isMajor ? styles.line : styles.minor}
            />
          ))}
          <line x1={at(threshold)} x2={at(threshold)} y1="0" y2="43" className={styles.thresholdLine} />
          <svg x={at(threshold)} y="0" overflow="visible" aria-hidden="true">
            <path d="M-5 -1h10l-5 7z" className={styles.thresholdHead} />
          </svg>
        </svg>
        <span className={styles.amount} aria-hidden="true">
          {share !== null && share > 0.2 ? t('audit.scope', { amount }) : ''}
        </span>
        <div className={styles.ticks} aria-hidden="true">
          {[0, 20, 40, 60, 80, 100].map((v) => (
            <span
              key={v}
              style={{ left: `${v}%` }}
              data-edge={v === 0 ? 'start' : v === 100 ? 'end' : undefined}
            >
              {v === 100 ? percent(t, 1, 0) : v}
            </span>
          ))}
        </div>
      </div>
      {isClose && <CloseScale share={share} threshold={threshold} />}
    </div>
  );
}

function CloseScale({ share, threshold }: { readonly share: number; readonly threshold: number }) {
  const t = useTranslator();
  const center = Math.round(threshold * 100);
  const [min, max] = [center - 6, Math.min(100, center + 8)];
  const at = (v: number): string => `${scalePosition(v, min, max) * 100}%`;
  return (
    <div className={styles.close} role="img" aria-label={t('audit.close')}>
      <svg width="100%" height="30" aria-hidden="true" overflow="visible">
        <line
          x1={at(threshold * 100)}
          x2={at(threshold * 100)}
          y1="0"
          y2="21"
          className={styles.thresholdLine}
        />
        <circle cx={at(share * 100)} cy="11" r="4.5" className={styles.dot} />
        <line x1="0" x2="100%" y1="21.5" y2="21.5" className={styles.line} />
        {scaleTicks({ min, max, majors: 7 }).map((tick) => (
          <line
            key={tick.value}
            x1={`${tick.at * 100}%`}
            x2={`${tick.at * 100}%`}
            y1="21.5"
            y2={tick.isMajor ? 28 : 25}
            className={tick.isMajor ? styles.line : styles.minor}
          />
        ))}
      </svg>
      <div className={styles.ticks} aria-hidden="true">
        {scaleTicks({ min, max, majors: 7 })
          .filter((tick) => tick.isMajor)
          .map((tick) => (
            <span key={tick.value} style={{ left: `${tick.at * 100}%` }}>
              {tick.value}
            </span>
          ))}
      </div>
    </div>
  );
}
