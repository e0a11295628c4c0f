import { describe, expect, test } from 'vitest';
import {
  type ChartContext,
  dark,
  type HeatMapInput,
  heatColor,
  heatMapHeight,
  heatMapOption,
  heatRange,
  isCarpet,
  light,
} from './index.ts';
import { chartSvg } from './server.ts';

const context: ChartContext = { theme: light, locale: 'en', timeZone: 'Europe/Paris', width: 900 };
const texts = { quality: (q: string) => q };

/** Days of 24 hours from 20 October 2026 on; one hour missing, one estimated, one that the clock skips. */
function hours(days: number, special = true): HeatMapInput {
  const count = days * 24;
  return {
    unit: 'Wh',
    dates: Array.from({ length: days }, (_, i) =>
      new Date(Date.UTC(2026, 9, 20 + i)).toISOString().slice(0, 10),
    ),
    slots_min: Array.from({ length: 24 }, (_, i) => i * 60),
    value: Array.from({ length: count }, (_, i) =>
      special && (i === 5 || i === 7) ? null : 1000 * (i % 24),
    ),
    quality: Array.from({ length: count }, (_, i) =>
      !special ? 'measured' : i === 5 ? 'missing' : i === 6 ? 'estimated' : i === 7 ? null : 'measured',
    ),
    color: light.carriers.electricity,
  };
}

const tip = (input: HeatMapInput, dataIndex: number): string =>
  (
    heatMapOption(input, context, texts).tooltip as { formatter: (item: { dataIndex: number }) => string }
  ).formatter({ dataIndex });

describe('heat map', () => {
  test('names its days and hours, and reads each cell with its day, its slot and its quality', () => {
    const svg = chartSvg(heatMapOption(hours(7), context, texts), { width: 900, height: 260 });
    for (const text of ['Tue 20 Oct', 'Mon 26 Oct', '06:00', '24:00']) expect(svg).toContain(text);
    expect(tip(hours(7), 6)).toBe('Tue 20 Oct 2026, 06:00 – 07:00<br><b>6.00\u00a0kWh</b><br>estimated');
    expect(tip(hours(7), 47)).toContain('Wed 21 Oct 2026, 23:00 – 24:00');
  });

  test('leaves missing open instead of drawing the lowest colour, and draws no hour that is skipped', () => {
    const cells = (input: HeatMapInput): number =>
      chartSvg(heatMapOption(input, context, texts), { width: 900, height: 260 }).match(
        new RegExp(`fill="${light.carriers.electricity}"`, 'g'),
      )?.length ?? 0;
    expect(cells(hours(1, false))).toBeGreaterThan(0);
    const svg = chartSvg(heatMapOption(hours(1), context, texts), { width: 900, height: 260 });
    expect(svg).toContain(`stroke="${light.colors.rule2}"`);
    expect(tip(hours(1), 5)).toContain('<b>—</b><br>missing');
    expect(tip(hours(1), 7)).toBe('');
  });

  test('a year lies as a carpet, on a phone it stays a list of days', () => {
    expect(isCarpet(365, false)).toBe(true);
    expect(isCarpet(365, true)).toBe(false);
    expect(isCarpet(31, false)).toBe(false);
    expect(heatMapHeight(365, true)).toBeLessThan(800);
    const svg = chartSvg(heatMapOption(hours(365, false), context, texts), { width: 900, height: 360 });
    for (const text of ['Nov', 'Jan 2027', '12:00']) expect(svg).toContain(text);
    expect(svg).not.toContain('Mon 26 Oct');
  });

  test('one spike does not pale the rest', () => {
    const values = [...Array.from({ length: 400 }, (_, i) => 100 + (i % 100)), 9_999, null];
    expect(heatRange(values)).toEqual({ low: 101, high: 199, isLowCut: true, isHighCut: true });
    expect(heatRange([null, null])).toBeNull();
    expect(heatRange([5])).toEqual({ low: 5, high: 5, isLowCut: false, isHighCut: false });
  });

  test('the scale is one hue that begins off the sheet and ends at the colour, in both themes', () => {
    for (const theme of [light, dark]) {
      expect(heatColor(theme, theme.carriers.electricity, 1)).toBe(theme.carriers.electricity);
      expect(heatColor(theme, theme.carriers.electricity, 7)).toBe(theme.carriers.electricity);
      expect(heatColor(theme, theme.carriers.electricity, 0)).not.toBe(theme.colors.sheet);
    }
  });
});
