'use client';
import { findMeasurand } from '@wattproof/energy';
import { formatMeasurand, measurandText, type UnitScale, unitScaleOf } from '@wattproof/messages';
import Link from 'next/link';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import styles from './meter.module.css';
import { type MeterValue, type PhaseRow, reachOf } from './meter-value.ts';
import { RangeMark } from './range-mark.tsx';

/** The instrument's face: a row for each quantity, a column for each phase; below each value its span of the period. */
export function PhaseTable({
  rows,
  isStale,
  timeZone,
  now,
  hrefOf,
}: {
  readonly rows: readonly PhaseRow[];
  readonly isStale: boolean;
  readonly timeZone: string;
  readonly now: string;
  readonly hrefOf: (measurand: string) => string;
}) {
  const t = useTranslator();
  const phases = [0, 1, 2].filter((i) => rows.some((r) => r.cells[i]));
  const hasAll = rows.some((r) => r.all);
  return (
    <table className={styles.phases} data-stale={isStale || undefined}>
      <caption className="visually-hidden">{t('meter.electrical')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('meter.quantity')}</th>
          {phases.map((i) => (
            <th key={i} scope="col">
              {t('meter.phase', { phase: i + 1 })}
            </th>
          ))}
          {hasAll && <th scope="col">{t('meter.allPhases')}</th>}
          <th scope="col">{t('meter.age')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            phases={phases}
            hasAll={hasAll}
            isStale={isStale}
            timeZone={timeZone}
            now={now}
            hrefOf={hrefOf}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  row,
  phases,
  hasAll,
  isStale,
  timeZone,
  now,
  hrefOf,
}: {
  readonly row: PhaseRow;
  readonly phases: readonly number[];
  readonly hasAll: boolean;
  readonly isStale: boolean;
  readonly timeZone: string;
  readonly now: string;
  readonly hrefOf: (measurand: string) => string;
}) {
  const t = useTranslator();
  const known = [...row.cells, row.all].filter((v) => v !== null);
  const unit = findMeasurand(known[0]?.measurand ?? '')?.unit ?? '1';
  const reach = reachOf(known);
  const scale = unitScaleOf(unit, Math.max(Math.abs(reach?.low ?? 0), Math.abs(reach?.high ?? 0)));
  // The oldest value of a row says how far the row can be trusted.
  const oldest = known.reduce<string | null>(
    (at, v) => (v.now && (at === null || v.now.at < at) ? v.now.at : at),
    null,
  );
  return (
    <tr>
      <th scope="row">
        {t(`meter.quantity.${row.id}`)}
        {scale.unit !== '' && <span className={styles.unit}> {scale.unit}</span>}
      </th>
      {phases.map((i) => {
        const value = row.cells[i as 0 | 1 | 2];
        return (
          <td key={i} data-head={value && phaseName(row, i)}>
            {value && <Cell value={value} reach={row.reach} scale={scale} href={hrefOf(value.measurand)} />}
          </td>
        );
      })}
      {hasAll && (
        <td data-head={row.all && (row.id === 'current' ? t('meter.neutral') : t('meter.allPhases'))}>
          {row.all && (
            <Cell
              value={row.all}
              reach={reachOf([row.all])}
              scale={scale}
              href={hrefOf(row.all.measurand)}
              prefix={row.id === 'current' ? t('meter.neutral') : undefined}
            />
          )}
        </td>
      )}
      <td className={styles.rowAge}>
        {oldest && <Age at={oldest} now={now} isStale={isStale} timeZone={timeZone} withTime={false} />}
      </td>
    </tr>
  );

  function phaseName({ id }: PhaseRow, i: number): string {
    return id === 'voltageBetween'
      ? t('meter.between', { from: i + 1, to: ((i + 1) % 3) + 1 })
      : t('meter.phase', { phase: i + 1 });
  }
}

function Cell({
  value,
  reach,
  scale,
  href,
  prefix,
}: {
  readonly value: MeterValue;
  readonly reach: PhaseRow['reach'];
  readonly scale: UnitScale;
  readonly href: string;
  readonly prefix?: string | undefined;
}) {
  const t = useTranslator();
  const text = (n: number): string => formatMeasurand(t.locale, n, value.measurand, { scale }).value;
  const { min, max, mean } = value.statistic ?? { min: null, max: null, mean: null };
  const name = measurandText(t, value.measurand);
  return (
    <>
      <span className={styles.reading}>
        <span className={styles.span}>
          {min && max ? t('figure.between', { low: text(min.value), high: text(max.value) }) : ''}
        </span>
        <span className={styles.now}>
          {prefix && <small>{prefix}</small>}
          {value.now ? (
            <Link href={href} prefetch={false} aria-label={`${name}: ${text(value.now.value)} ${scale.unit}`}>
              {text(value.now.value)}
            </Link>
          ) : (
            '—'
          )}
        </span>
      </span>
      {reach && (
        <RangeMark
          reach={reach}
          low={min?.value ?? null}
          high={max?.value ?? null}
          mean={mean}
          now={value.now?.value ?? null}
        />
      )}
    </>
  );
}
