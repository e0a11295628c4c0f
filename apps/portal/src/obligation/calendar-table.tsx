'use client';
import type { ObligedUnit } from '@wattproof/contracts/api';
import { formatLocalDate } from '@wattproof/messages';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './obligation.module.css';
import { daysText } from './obligation-text.ts';

interface Row {
  readonly unit: ObligedUnit;
  readonly entry: ObligedUnit['calendar'][number];
}

/** Dates of some units in one list, the earliest first, with the days to be reminded on. */
export function CalendarTable({
  units,
  today,
}: {
  readonly units: readonly ObligedUnit[];
  readonly today: string;
}) {
  const t = useTranslator();
  const date = (text: string): string => formatLocalDate(t.locale, text, 'date');
  const what = ({ entry }: Row): string =>
    `${t(`obligation.calendar.${entry.kind}`, { number: entry.certificate })}${entry.ruleId ? `, ${entry.ruleId}` : ''}`;
  const rows = units.flatMap((unit) => unit.calendar.map((entry): Row => ({ unit, entry })));
  const columns: Column<Row>[] = [
    {
      id: 'date',
      head: t('obligation.date'),
      phone: 'title',
      cell: ({ entry }) => (
        <span className={styles.two}>
          <span className={styles.due} data-late={entry.isPast || undefined}>
            {date(entry.date)}
          </span>
          <small>{daysText(t, entry.date, today)}</small>
        </span>
      ),
      sort: ({ entry }) => entry.date,
      text: ({ entry }) => entry.date,
    },
    {
      id: 'unit',
      head: t('obligation.unit'),
      cell: ({ unit }) => unit.name,
      sort: ({ unit }) => unit.name,
      text: ({ unit }) => unit.name,
    },
    {
      id: 'what',
      head: t('obligation.what'),
      cell: (row) => (
        <span className={styles.two}>
          <span>{what(row)}</span>
          {!row.entry.isCertain && <small>{t('obligation.noVerdict')}</small>}
        </span>
      ),
      text: what,
    },
    {
      id: 'reminders',
      head: t('obligation.reminders'),
      cell: ({ entry }) =>
        entry.remindOn
          .filter((day) => day >= today)
          .map(date)
          .join(', ') || '—',
      text: ({ entry }) => entry.remindOn.join(' '),
    },
  ];
  return (
    <Section
      proof={{ without: 'limit' }}
      title={t('obligation.calendar')}
      basis={t('obligation.calendarBasis')}
    >
      <DataTable
        id="calendar"
        name={t('obligation.calendar')}
        columns={columns}
        rows={rows}
        rowKey={({ unit, entry }) => `${unit.id} ${entry.key}`}
        initialSort={byDate}
        withTools={false}
        empty={t('obligation.calendarNone')}
      />
    </Section>
  );
}

const byDate = { column: 'date', descending: false } as const;
