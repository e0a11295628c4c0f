'use client';
import type { Obligations, ObligedUnit } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatLocalDate } from '@wattproof/messages';
import Link from 'next/link';
import { Section, Verdict } from '../figure/section.tsx';
import { LinkButton } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { State } from '../state/state.tsx';
import { CalendarTable } from './calendar-table.tsx';
import styles from './obligation.module.css';
import { ObligationTable } from './obligation-table.tsx';
import { dueSummary } from './obligation-text.ts';

/** Who must do what by when: every legal entity and group under the law of its country. */
export function ObligationList({ obligations }: { readonly obligations: Obligations }) {
  const t = useTranslator();
  const { on, units } = obligations;
  if (units.length === 0)
    return (
      <State title={t('obligation.empty')}>
        <p>{t('obligation.emptyText')}</p>
      </State>
    );
  const { overdue, next } = dueSummary(units);
  const date = (text: string): string => formatLocalDate(t.locale, text, 'date');
  return (
    <>
      <Verdict
        title={
          overdue > 0
            ? t('obligation.titleOverdue', { count: overdue })
            : next
              ? t('obligation.titleDue', { date: date(next) })
              : t('obligation.titleNone')
        }
        aside={
          <div className={styles.actions}>
            <LinkButton href="/api/v1/obligations/calendar.ics" download>
              {t('obligation.calendarFile')}
            </LinkButton>
            <LinkButton kind="words" href="/audit/rules">
              {t('obligation.rules')}
            </LinkButton>
            <LinkButton kind="words" href="/audit">
              {t('obligation.allAudits')}
            </LinkButton>
          </div>
        }
      >
        {t('obligation.text', { date: date(on) })}
      </Verdict>
      <div className={styles.sections}>
        {units.map((unit) => (
          <UnitSection key={unit.id} unit={unit} on={on} />
        ))}
        <CalendarTable units={units} today={on} />
      </div>
    </>
  );
}

function UnitSection({ unit, on }: { readonly unit: ObligedUnit; readonly on: string }) {
  const t = useTranslator();
  const law = unit.obligations.filter((o) => o.standing === 'law');
  return (
    <Section
      proof={{ member: `${entry('units', { id: unit.id })}.obligations` }}
      title={unit.name}
      subject={
        <>
          {t(`country.${unit.country}` as 'country.FR')}, {unitKind(unit, t)}
        </>
      }
      basis={<Link href={`/audit/obligations/${unit.id}`}>{t('obligation.stated')}</Link>}
    >
      {law.length === 0 ? (
        <p className={styles.note}>{t('obligation.lawNone')}</p>
      ) : (
        <ObligationTable id={`law-${unit.id}`} name={unit.name} obligations={law} today={on} />
      )}
    </Section>
  );
}

export const unitKind = (unit: ObligedUnit, t: ReturnType<typeof useTranslator>): string =>
  unit.kind === 'group'
    ? t('obligation.kind.group', { count: unit.members.length })
    : [t('obligation.kind.legalEntity'), unit.registrationNumber].filter(Boolean).join(' ');
