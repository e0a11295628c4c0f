'use client';
import type { Alarm, AlarmRule } from '@wattproof/contracts/api';
import { formatMoney } from '@wattproof/messages';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { withQuery } from '../shell/query.ts';
import { State } from '../state/state.tsx';
import styles from './alarm.module.css';
import { AlarmDialog } from './alarm-dialog.tsx';
import { AlarmTable } from './alarm-table.tsx';
import { HistoryTable } from './history-table.tsx';
import { type RuleContext, RuleTable } from './rule-table.tsx';

const views = ['open', 'history', 'rules'] as const;

/** Alarms are evaluated each few seconds; the list follows without a hand. */
const refresh_ms = 15_000;

export function AlarmsView({
  view,
  alarms,
  rules,
  timeZone,
  now,
  mayAcknowledge,
  mayWrite,
  ...context
}: RuleContext & {
  readonly view: (typeof views)[number];
  readonly alarms: readonly Alarm[];
  readonly rules: readonly AlarmRule[];
  readonly timeZone: string;
  readonly now: string;
  readonly mayAcknowledge: boolean;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [chosen, setChosen] = useState<Alarm | null>(null);
  const router = useRouter();
  const isFollowing = view !== 'rules' && chosen === null;
  useEffect(() => {
    if (!isFollowing) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, refresh_ms);
    return () => clearInterval(timer);
  }, [isFollowing, router]);
  const open = view === 'history' ? [] : alarms;
  const path = (v: string): string =>
    `/alarms${withQuery('', { site: context.siteId, view: v === 'open' ? null : v })}`;
  return (
    <>
      <Verdict title={title()}>{open.length > 0 ? t('alarm.lead') : t('alarm.noneText')}</Verdict>
      <nav className={styles.tabs} aria-label={t('nav.alarms')}>
        {views.map((v) => (
          <Link key={v} href={path(v)} {...(v === view ? { 'aria-current': 'page' as const } : {})}>
            {t(`alarm.${v}`)}
          </Link>
        ))}
      </nav>
      {view === 'open' &&
        (alarms.length === 0 ? (
          <State title={t('alarm.title', { count: 0 })} level={2}>
            <p>{t('alarm.noneText')}</p>
          </State>
        ) : (
          <Section title={t('alarm.open')}>
            <AlarmTable
              alarms={alarms}
              timeZone={timeZone}
              now={now}
              withSite
              name={t('alarm.open')}
              action={(alarm) => (
                <Button kind="words" onClick={() => setChosen(alarm)}>
                  {mayAcknowledge && isUnacknowledged(alarm) ? t('alarm.acknowledge') : t('alarm.details')}
                </Button>
              )}
            />
          </Section>
        ))}
      {view === 'history' && (
        <Section title={t('alarm.history')}>
          <HistoryTable alarms={alarms} timeZone={timeZone} now={now} onChoose={setChosen} />
        </Section>
      )}
      {view === 'rules' && <RuleTable rules={rules} mayWrite={mayWrite} {...context} />}
      {chosen && (
        <AlarmDialog
          alarm={chosen}
          timeZone={timeZone}
          now={now}
          mayAcknowledge={mayAcknowledge && isUnacknowledged(chosen)}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );

  function title(): string {
    if (view === 'history') return t('alarm.history');
    const priced = open.flatMap((a) => (a.costPerDay ? [a.costPerDay] : []));
    const [first] = priced;
    if (!first || priced.some((c) => c.currency !== first.currency))
      return t('alarm.title', { count: open.length });
    const sum = priced.reduce((n, c) => n + Math.round(Number(c.amount) * 100), 0) / 100;
    return t('alarm.titleCost', {
      count: open.length,
      cost: formatMoney(t.locale, { amount: String(sum), currency: first.currency }),
    });
  }
}

const isUnacknowledged = (alarm: Alarm): boolean =>
  alarm.state === 'unacknowledged' || alarm.state === 'returnedUnacknowledged';
