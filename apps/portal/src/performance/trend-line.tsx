'use client';
import type { EnpiSummary } from '@wattproof/contracts/api';
import { formatLocalDate, formatPercent, quantityText } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import styles from './performance.module.css';

const width = 88;
const height = 20;

/** Months against the baseline in one line: bars down are savings, an outline proves nothing by itself. */
export function TrendLine({ trend }: { readonly trend: EnpiSummary['trend'] }) {
  const t = useTranslator();
  const shown = trend.slice(-12);
  if (shown.length === 0) return null;
  const reach = Math.max(0.02, ...shown.map((m) => Math.abs(m.share ?? 0)));
  const pitch = Math.min(14, width / shown.length);
  const middle = height / 2;
  return (
    <span>
      <svg width={width} height={height} aria-hidden="true" className={styles.trend}>
        <line x1="0" x2={width} y1={middle} y2={middle} className={styles.zero} />
        {shown.map((m, i) => {
          if (m.share === null) return null;
          const size = Math.max(1, (Math.abs(m.share) / reach) * (middle - 1));
          const isProved = m.halfWidth !== null && Math.abs(m.share) > m.halfWidth;
          return (
            <rect
              key={m.month}
              x={i * pitch + 1}
              y={m.share < 0 ? middle : middle - size}
              width={Math.max(2, pitch - 2)}
              height={size}
              className={isProved ? styles.answer : styles.outline}
            />
          );
        })}
      </svg>
      <span className="visually-hidden">
        {shown
          .map((m) =>
            t('performance.monthSaid', {
              month: formatLocalDate(t.locale, m.month, 'monthShort'),
              share:
                m.share === null ? '—' : quantityText(formatPercent(t.locale, m.share, { signed: true })),
            }),
          )
          .join(', ')}
      </span>
    </span>
  );
}
