'use client';
import type { ObligedUnit } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatInstant, formatLocalDate, formatNumber } from '@wattproof/messages';
import { useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { CalendarTable } from './calendar-table.tsx';
import styles from './obligation.module.css';
import { unitKind } from './obligation-list.tsx';
import { ObligationTable } from './obligation-table.tsx';
import { dueSummary } from './obligation-text.ts';
import { ProfileDialog } from './profile-dialog.tsx';

type Year = ObligedUnit['years'][number];
const gapsShown = 4;

/** One legal entity or group: the law, what is no law beside it, its dates, and what is stated about it. */
export function UnitView({
  unit,
  today,
  timeZone,
  currency,
  mayWrite,
}: {
  readonly unit: ObligedUnit;
  readonly today: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [isEditing, setEditing] = useState(false);
  const law = unit.obligations.filter((o) => o.standing === 'law');
  const others = unit.obligations.filter((o) => o.standing !== 'law');
  const { overdue, next } = dueSummary([unit]);
  const date = (text: string): string => formatLocalDate(t.locale, text, 'date');
  return (
    <>
      <Verdict
        title={`${unit.name}: ${
          overdue > 0
            ? t('obligation.titleOverdue', { count: overdue })
            : next
              ? t('obligation.titleDue', { date: date(next) })
              : t('obligation.titleNone')
        }`}
        aside={
          <div className={styles.actions}>
            {mayWrite && (
              <Button kind="primary" onClick={() => setEditing(true)}>
                {t('obligation.edit')}
              </Button>
            )}
            {unit.audits.map((audit) => (
              <LinkButton key={audit.id} kind="words" href={`/audit/${audit.id}`}>
                {audit.name}
              </LinkButton>
            ))}
            <LinkButton kind="words" href="/audit/obligations">
              {t('obligation.all')}
            </LinkButton>
          </div>
        }
      >
        {t(`country.${unit.country}` as 'country.FR')}, {unitKind(unit, t)}.{' '}
        {unit.kind === 'group' && `${unit.members.map(({ name }) => name).join(', ')}.`}
      </Verdict>
      <div className={styles.sections}>
        <Section proof={{ member: 'obligations' }} title={t('obligation.ofLaw')} basis={date(today)}>
          {law.length === 0 ? (
            <p className={styles.note}>{t('obligation.lawNone')}</p>
          ) : (
            <ObligationTable id="law" name={t('obligation.ofLaw')} obligations={law} today={today} />
          )}
        </Section>
        <Section
          proof={{ member: 'obligations' }}
          title={t('obligation.besides')}
          basis={t('obligation.besidesBasis')}
        >
          <ObligationTable id="besides" name={t('obligation.besides')} obligations={others} today={today} />
        </Section>
        <div className={styles.pair}>
          <CalendarTable units={[unit]} today={today} />
          <EnergyYears unit={unit} />
        </div>
        <Section
          proof={{ without: 'stated' }}
          title={t('obligation.stated')}
          basis={
            unit.updatedAt
              ? t('obligation.statedBy', {
                  name: unit.updatedBy ?? '—',
                  date: formatInstant(t.locale, timeZone, unit.updatedAt, 'dateTime'),
                })
              : t('obligation.statedNone')
          }
        >
          <StatedYears unit={unit} />
        </Section>
      </div>
      {isEditing && (
        <ProfileDialog unit={unit} today={today} currency={currency} onClose={() => setEditing(false)} />
      )}
    </>
  );
}

function EnergyYears({ unit }: { readonly unit: ObligedUnit }) {
  const t = useTranslator();
  const gaps = (y: Year): readonly string[] => [
    ...y.blocking.slice(0, gapsShown).map((cell) =>
      t('obligation.gap', {
        point: cell.pointName,
        month: formatLocalDate(t.locale, cell.month, 'month'),
        state: t(`audit.cell.${cell.state}`),
      }),
    ),
    ...(y.blocking.length > gapsShown
      ? [t('obligation.gaps', { count: y.blocking.length - gapsShown })]
      : []),
  ];
  const columns: Column<Year>[] = [
    {
      id: 'year',
      head: t('obligation.year'),
      phone: 'title',
      cell: (y) => String(y.year),
      sort: (y) => y.year,
      text: (y) => String(y.year),
    },
    {
      id: 'energy',
      head: t('obligation.kwh'),
      align: 'right',
      proof: { member: 'energy_kwh' },
      cell: (y) =>
        y.energy_kwh === null ? '—' : `${formatNumber(t.locale, y.energy_kwh, { decimals: 0 })}\u00a0kWh`,
      sort: (y) => (y.energy_kwh === null ? null : Number(y.energy_kwh)),
      text: (y) => y.energy_kwh ?? '',
    },
    {
      id: 'from',
      head: t('obligation.from'),
      cell: (y) => (
        <span className={styles.two}>
          <span>{t(`obligation.from.${y.source}`)}</span>
          {y.source === 'none' && (
            <span className={styles.gaps}>
              {gaps(y).map((gap) => (
                <span key={gap}>{gap}</span>
              ))}
              {y.blocking.length === 0 && <span>{t('obligation.nothingBilled')}</span>}
            </span>
          )}
        </span>
      ),
      text: (y) => t(`obligation.from.${y.source}`),
    },
  ];
  return (
    <Section title={t('obligation.energy')} basis={t('obligation.energyBasis')}>
      <DataTable
        id="years"
        name={t('obligation.energy')}
        columns={columns}
        rows={unit.years}
        rowMember={(y) => entry('years', { year: y.year })}
        rowKey={(y) => String(y.year)}
        withTools={false}
      />
    </Section>
  );
}

type Accounting = NonNullable<ObligedUnit['stated']>['accountingYears'][number];

function StatedYears({ unit }: { readonly unit: ObligedUnit }) {
  const t = useTranslator();
  const money = (amount: Accounting['turnover']): string =>
    amount ? `${formatNumber(t.locale, amount.amount, { decimals: 0 })}\u00a0${amount.currency}` : '—';
  const columns: Column<Accounting>[] = [
    {
      id: 'year',
      head: t('obligation.year'),
      phone: 'title',
      cell: (y) => String(y.year),
      sort: (y) => y.year,
      text: (y) => String(y.year),
    },
    {
      id: 'staff',
      head: t('obligation.staff'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (y) =>
        y.staff === null ? '—' : `${formatNumber(t.locale, y.staff)}\u00a0${t('obligation.persons')}`,
      text: (y) => y.staff ?? '',
    },
    {
      id: 'turnover',
      head: t('obligation.turnover'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (y) => money(y.turnover),
      text: (y) => y.turnover?.amount ?? '',
    },
    {
      id: 'balance',
      head: t('obligation.balance'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (y) => money(y.balance),
      text: (y) => y.balance?.amount ?? '',
    },
  ];
  return (
    <>
      <DataTable
        id="stated"
        name={t('obligation.size')}
        columns={columns}
        rows={unit.stated?.accountingYears ?? []}
        rowKey={(y) => String(y.year)}
        withTools={false}
        empty={t('obligation.statedNone')}
      />
      {unit.stated && unit.stated.certificates.length > 0 && (
        <p className={styles.note}>
          {t('obligation.certificates')}:{' '}
          {unit.stated.certificates
            .map((c) => `${t(`obligation.standard.${c.standard}`)} ${c.number}`)
            .join(', ')}
        </p>
      )}
      {unit.stated?.note && <p className={styles.note}>{unit.stated.note}</p>}
    </>
  );
}
