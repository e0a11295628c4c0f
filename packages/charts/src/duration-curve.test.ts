import { expect, test } from 'vitest';
import { type ChartContext, durationCurveOption, light } from './index.ts';
import { chartSvg } from './server.ts';

const context: ChartContext = { theme: light, locale: 'en', timeZone: 'Europe/Paris', width: 720 };
const input = {
  unit: 'W' as const,
  series: [
    {
      name: '<i>T1</i>',
      color: '#0e31ad',
      share: [0.01, 0.5, 1],
      value: [90_000, 40_000, 12_000],
      known_s: 360_000,
    },
  ],
  marks: [{ share: 0.5, value: 40_000, label: 'half the time 40 kW' }],
};
const option = durationCurveOption(input, context, {
  reached: (s, share) => `${s / 3600} h, ${share} at least`,
});

test('draws the sorted load with its named points, from zero', () => {
  const svg = chartSvg(option, { width: 720, height: 300 });
  for (const text of ['half the time 40 kW', '100\u00a0%', '>0<']) expect(svg).toContain(text);
});

test('says how long a value is reached, with names as text', () => {
  const { formatter } = option.tooltip as { formatter: (items: unknown) => string };
  const said = formatter([{ value: [0.5, 40_000] }]);
  expect(said).toContain('50 h, 50.0\u00a0% at least');
  expect(said).toContain('40.0\u00a0kW');
  expect(said).toContain('&#60;i&#62;');
  expect(formatter([])).toBe('');
});
