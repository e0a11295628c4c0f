'use client';
import { formatDuration, formatInstant } from '@wattproof/messages';
import { useEffect, useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { serverNow_ms } from '../shell/server-clock.tsx';
import styles from './age.module.css';

/** One clock for all ages of a page; it ticks each second while the page is seen. */
const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | null = null;

export function useNow(initial: number): number {
  const [now, setNow] = useState(initial);
  useEffect(() => {
    listeners.add(setNow);
    setNow(serverNow_ms());
    timer ??= setInterval(() => {
      if (document.visibilityState === 'visible') for (const tell of listeners) tell(serverNow_ms());
    }, 1000);
    return () => {
      listeners.delete(setNow);
      if (listeners.size === 0 && timer) {
        clearInterval(timer);
        timer = null;
      }
    };
  }, []);
  return now;
}

/** How old a live value is: a dot while fresh; clock, age and time in `warn` when it is stale. */
export function Age({
  at,
  now: initialNow,
  isStale,
  timeZone,
  withTime = true,
}: {
  readonly at: string;
  /** Time of the page, so that server and browser begin with the same words. */
  readonly now: string;
  readonly isStale: boolean;
  readonly timeZone: string;
  readonly withTime?: boolean;
}) {
  const t = useTranslator();
  const now = useNow(Date.parse(initialNow));
  const age_s = Math.max(0, (now - Date.parse(at)) / 1000);
  const age = formatDuration(t.locale, age_s);
  const style = age_s > 86_400 ? 'dateTimeShort' : 'timeSeconds';
  const time = formatInstant(t.locale, timeZone, at, style);
  return (
    <span className={styles.age} data-stale={isStale || undefined}>
      {isStale ? <Icon name="clock" size={14} /> : <span className={styles.dot} aria-hidden="true" />}
      {withTime ? t(isStale ? 'live.stale' : 'live.age', { age, time }) : t('live.ageShort', { age })}
    </span>
  );
}
