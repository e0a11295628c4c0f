'use client';
import { formatLocalDate } from '@wattproof/messages';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import {
  dateIn,
  fitPeriod,
  lastDayOf,
  type Period,
  parsePeriod,
  periodText,
  spanOf,
  stepPeriod,
} from './period.ts';
import styles from './period-picker.module.css';
import { periodModeOf, siteIdOf } from './place.ts';
import { withQuery } from './query.ts';
import { serverNow_ms, useOpenedAt_ms } from './server-clock.tsx';
import type { Visitor } from './shell.tsx';

/** The one period picker. Its form follows what the page can show; the choice stands in the URL. */
export function PeriodPicker({ visitor }: { readonly visitor: Visitor }) {
  const t = useTranslator();
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const popover = useRef<HTMLDivElement>(null);
  const id = useId();
  const mode = periodModeOf(pathname);
  const timeZone =
    visitor.sites.find((s) => s.id === siteIdOf(pathname))?.timeZone ?? visitor.sites[0]?.timeZone ?? 'UTC';
  const today = useToday(timeZone);
  const period = fitPeriod(parsePeriod(search.get('period')), mode, today);
  if (mode === 'now')
    return (
      <div className={styles.picker} title={t('period.notUsed')}>
        <span className={styles.now}>{t('period.now')}</span>
      </div>
    );
  const show = (next: Period): void => {
    popover.current?.hidePopover();
    const isDefault = periodText(next) === periodText(fitPeriod(null, mode, today));
    router.push(
      `${pathname}${withQuery(search.toString(), {
        period: isDefault ? null : periodText(next),
        from: null,
        to: null,
      })}`,
    );
  };
  const later = stepPeriod(period, 1);
  const isLast = spanOf(later).from > today;
  return (
    <div className={styles.picker}>
      <button
        type="button"
        className={styles.step}
        aria-label={t('period.previous')}
        onClick={() => show(stepPeriod(period, -1))}
      >
        <Icon name="previous" />
      </button>
      <button type="button" className={styles.label} popoverTarget={id}>
        <span className="visually-hidden">{`${t('period.label')}: `}</span>
        <span className={styles.long}>{periodLabel(period)}</span>
        <span className={styles.short}>{periodLabel(period, true)}</span>
        <Icon name="calendar" />
      </button>
      <button
        type="button"
        className={styles.step}
        aria-label={t('period.next')}
        disabled={isLast}
        onClick={() => show(later)}
      >
        <Icon name="next" />
      </button>
      <div ref={popover} id={id} popover="auto" className={styles.popover}>
        <PeriodForm key={periodText(period)} mode={mode} period={period} today={today} onShow={show} />
      </div>
    </div>
  );

  function periodLabel(p: Period, isShort = false): string {
    const locale = t.locale;
    if (p.kind === 'day') {
      const date = formatLocalDate(locale, p.date, isShort ? 'dayShort' : 'day');
      return p.date === today ? t('period.today', { date }) : date;
    }
    if (p.kind === 'month') return formatLocalDate(locale, p.month, isShort ? 'monthShort' : 'month');
    const style = mode === 'months' ? 'monthShort' : isShort ? 'dayShort' : 'date';
    return t('period.span', {
      from: formatLocalDate(locale, p.from, style),
      to: formatLocalDate(locale, p.to, style),
    });
  }
}

/** Today of the site; when midnight passes, the page is read anew. */
function useToday(timeZone: string): string {
  const router = useRouter();
  const opened_ms = useOpenedAt_ms();
  const [now_ms, setNow] = useState(opened_ms);
  const today = dateIn(timeZone, now_ms);
  useEffect(() => {
    const timer = setInterval(() => {
      const at_ms = serverNow_ms();
      setNow(at_ms);
      if (dateIn(timeZone, at_ms) !== today) router.refresh();
    }, 30_000);
    return () => clearInterval(timer);
  }, [router, timeZone, today]);
  return today;
}

function PeriodForm({
  mode,
  period,
  today,
  onShow,
}: {
  readonly mode: 'day' | 'month' | 'range' | 'months';
  readonly period: Period;
  readonly today: string;
  readonly onShow: (period: Period) => void;
}) {
  const t = useTranslator();
  const span = spanOf(period);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const value = (name: string): string => String(data.get(name) ?? '');
    if (mode === 'day') onShow({ kind: 'day', date: value('day') });
    else if (mode === 'month') onShow({ kind: 'month', month: value('month') });
    else {
      const [a, b] = [value('from'), value('to')].sort() as [string, string];
      onShow(
        mode === 'months'
          ? { kind: 'range', from: `${a}-01`, to: lastDayOf(b) }
          : { kind: 'range', from: a, to: b },
      );
    }
  };
  const isMonths = mode === 'months' || mode === 'month';
  const max = isMonths ? today.slice(0, 7) : today;
  const inputType = isMonths ? 'month' : 'date';
  return (
    <form onSubmit={submit} className={styles.form}>
      {mode === 'day' || mode === 'month' ? (
        <label>
          {t(mode === 'day' ? 'period.day' : 'period.month')}
          <input
            required
            type={inputType}
            name={mode}
            max={max}
            pattern={isMonths ? '\\d{4}-\\d{2}' : undefined}
            defaultValue={isMonths ? span.to.slice(0, 7) : span.to}
          />
        </label>
      ) : (
        <>
          <label>
            {t('period.from')}
            <input
              required
              type={inputType}
              name="from"
              max={max}
              defaultValue={isMonths ? span.from.slice(0, 7) : span.from}
            />
          </label>
          <label>
            {t('period.to')}
            <input
              required
              type={inputType}
              name="to"
              max={max}
              defaultValue={isMonths ? span.to.slice(0, 7) : span.to}
            />
          </label>
        </>
      )}
      <button type="submit">{t('period.apply')}</button>
    </form>
  );
}
