'use client';
import type { HourlySegment } from '@wattproof/contracts/api';
import { formatLocalDate, formatNumber, type ShownUnit, unitScaleOf } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { significant } from './model-text.ts';
import styles from './workbench.module.css';

/** Mean of the hours of the week that are occupied, or are not; null where there is none. */
function meanEffect({ hourEffects, occupied }: HourlySegment, wanted: boolean): number | null {
  const known = hourEffects.flatMap((effect, hour) =>
    effect !== null && occupied[hour] === wanted ? [effect] : [],
  );
  return known.length === 0 ? null : known.reduce((sum, effect) => sum + effect, 0) / known.length;
}

/** A model of hours, month by month: the hours that work, the level of both kinds of hours, and how each follows the weather. */
export function HourlyTable({
  id,
  segments,
  unit,
}: {
  readonly id: string;
  readonly segments: readonly HourlySegment[];
  readonly unit: string;
}) {
  const t = useTranslator();
  const energy = unitScaleOf(unit as ShownUnit, 0);
  const number = (value: number): string => formatNumber(t.locale, value, { decimals: 0 });
  const slopes = (points: readonly number[], values: readonly number[]): string =>
    values
      .map((slope, i) => {
        const shown = significant(t, slope / energy.factor);
        const low = points[i - 1];
        const high = points[i];
        if (low === undefined && high === undefined) return shown;
        if (low === undefined)
          return t('workbench.slopeBelow', { slope: shown, high: number(high as number) });
        return high === undefined
          ? t('workbench.slopeAbove', { slope: shown, low: number(low) })
          : t('workbench.slopeBetween', { slope: shown, low: number(low), high: number(high) });
      })
      .join('; ');
  const month = ({ month: m }: HourlySegment): string =>
    formatLocalDate(t.locale, `2024-${String(m).padStart(2, '0')}-01`, 'monthName');
  const level = (wanted: boolean): Pick<Column<HourlySegment>, 'cell' | 'text' | 'sort'> => {
    const text = (s: HourlySegment): string => {
      const mean = meanEffect(s, wanted);
      return mean === null ? '—' : significant(t, mean / energy.factor);
    };
    return { cell: text, text, sort: (s) => meanEffect(s, wanted) };
  };
  const columns: Column<HourlySegment>[] = [
    {
      id: 'month',
      head: t('enpi.month'),
      phone: 'title',
      cell: month,
      sort: (s) => s.month,
      text: month,
    },
    {
      id: 'occupied',
      head: t('workbench.hoursOccupied'),
      align: 'right',
      proof: { without: 'trial' },
      cell: (s) => t('workbench.hoursOf', { count: s.occupied.filter(Boolean).length }),
      sort: (s) => s.occupied.filter(Boolean).length,
      text: (s) => String(s.occupied.filter(Boolean).length),
    },
    {
      id: 'level',
      head: t('workbench.levelOccupied', { unit: energy.unit }),
      align: 'right',
      proof: { without: 'trial' },
      ...level(true),
    },
    {
      id: 'slope',
      head: t('workbench.slopeOccupied', { unit: energy.unit }),
      cell: (s) => (
        <span className={styles.small}>{slopes(s.occupiedEndPoints, s.occupiedSlopes) || '—'}</span>
      ),
      text: (s) => slopes(s.occupiedEndPoints, s.occupiedSlopes),
    },
    {
      id: 'levelOff',
      head: t('workbench.levelUnoccupied', { unit: energy.unit }),
      align: 'right',
      proof: { without: 'trial' },
      ...level(false),
    },
    {
      id: 'slopeOff',
      head: t('workbench.slopeUnoccupied', { unit: energy.unit }),
      cell: (s) => (
        <span className={styles.small}>{slopes(s.unoccupiedEndPoints, s.unoccupiedSlopes) || '—'}</span>
      ),
      text: (s) => slopes(s.unoccupiedEndPoints, s.unoccupiedSlopes),
    },
  ];
  return (
    <>
      <p className={styles.note}>{t('workbench.hourlyTerms')}</p>
      <DataTable
        id={id}
        name={t('enpi.equation')}
        columns={columns}
        rows={segments}
        rowKey={(s) => String(s.month)}
        withTools={false}
      />
    </>
  );
}
