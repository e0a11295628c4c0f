import type { Locale } from '@wattproof/energy';
import type { Theme } from './tokens.ts';

/** What every chart needs besides its data. */
export interface ChartContext {
  readonly theme: Theme;
  readonly locale: Locale;
  readonly timeZone: string;
  /** Width in px that the chart will have; below 480 it has fewer marks and labels. */
  readonly width: number;
}

export const isCompact = (context: ChartContext): boolean => context.width < 480;

/** Six-digit hex colour with an opacity. */
export const faded = (hex: string, opacity: number): string =>
  `${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
