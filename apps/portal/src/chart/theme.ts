'use client';
import { type Theme, themes } from '@wattproof/charts';
import { useSyncExternalStore } from 'react';

const read = (): 'light' | 'dark' => {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
};

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', onChange);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', onChange);
  };
}

/** The theme that is seen, chosen or the device's. */
export const useTheme = (): Theme =>
  themes[useSyncExternalStore<'light' | 'dark'>(subscribe, read, () => 'light')];
