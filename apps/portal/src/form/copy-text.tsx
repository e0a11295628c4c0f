'use client';
import { useEffect, useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './copy-text.module.css';

/** Text to be taken elsewhere, exactly: an address, a secret, a command line. */
export function CopyText({ label, text }: { readonly label: string; readonly text: string }) {
  const t = useTranslator();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      // Without a secure origin browsers refuse the clipboard; the text stays there to be marked by hand.
      setState('failed');
    }
  };
  return (
    <div className={styles.copy}>
      <span className={styles.label}>{label}</span>
      <code className={styles.text}>{text}</code>
      <button type="button" onClick={copy} aria-label={`${t('form.copy')}: ${label}`}>
        {state === 'copied' && <Icon name="check" size={14} />}
        <span aria-live="polite">
          {t(state === 'copied' ? 'form.copied' : state === 'failed' ? 'form.copyFailed' : 'form.copy')}
        </span>
      </button>
    </div>
  );
}
