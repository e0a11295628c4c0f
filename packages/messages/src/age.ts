import type { Locale } from '@wattproof/energy';
import { formatNumber } from './number.ts';

const words: Readonly<Record<Locale, { day: string; hour: string; minute: string; second: string }>> = {
  en: { day: 'd', hour: 'h', minute: 'min', second: 's' },
  fr: { day: 'j', hour: 'h', minute: 'min', second: 's' },
  de: { day: 'd', hour: 'h', minute: 'min', second: 's' },
  es: { day: 'd', hour: 'h', minute: 'min', second: 's' },
};

/**
 * A length of time in its two largest units: 4 s, 1 min 40 s, 2 h 16 min, 3 d 4 h. Negative lengths (a clock
 * that runs ahead) read as 0 s.
 */
export function formatDuration(locale: Locale, length_s: number): string {
  const whole = Math.max(0, Math.round(length_s));
  const w = words[locale];
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), w.day],
    [Math.floor((whole % 86_400) / 3600), w.hour],
    [Math.floor((whole % 3600) / 60), w.minute],
    [whole % 60, w.second],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  if (first === -1) return `0\u00a0${w.second}`;
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${formatNumber(locale, n)}\u00a0${unit}`)
    .join(' ');
}
