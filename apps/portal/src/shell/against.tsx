'use client';
import { useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { type Comparison, comparisons, nextComparison, parseComparison } from './comparison.ts';
import { withQuery } from './query.ts';
import styles from './top-bar.module.css';

/** The comparison in the URL; what shows it reads it from there. */
export const useComparison = (): Comparison | null => parseComparison(useSearchParams().get('against'));

/** The URL alone changes: the page keeps what it shows and fetches the compared period beside it. */
const compareWith = (comparison: Comparison | null): void =>
  window.history.replaceState(
    null,
    '',
    `${window.location.pathname}${withQuery(window.location.search, { against: comparison })}`,
  );

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName));

/** What the period is held against; one key away. */
export function Against() {
  const t = useTranslator();
  const comparison = useComparison();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'b' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      // The address is ahead of what is drawn: two quick keys are two steps.
      const current = new URLSearchParams(window.location.search).get('against');
      compareWith(nextComparison(parseComparison(current)));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const text = (c: Comparison | null): string => t(`against.${c ?? 'none'}`);
  return (
    <div className={styles.against}>
      <span className={styles.againstText} aria-hidden="true">
        {t('against.label')} <strong>{text(comparison)}</strong>
        <Icon name="expand" size={14} />
        <span className={styles.key}>B</span>
      </span>
      <select
        aria-label={t('against.said')}
        aria-keyshortcuts="b"
        value={comparison ?? ''}
        onChange={(event) => compareWith(parseComparison(event.target.value))}
      >
        <option value="">{text(null)}</option>
        {comparisons.map((c) => (
          <option key={c} value={c}>
            {text(c)}
          </option>
        ))}
      </select>
    </div>
  );
}
