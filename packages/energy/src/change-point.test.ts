import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  type ChangePointForm,
  type ChangePointModel,
  changePointExpected,
  fitChangePoint,
  fitChangePoints,
} from './change-point.ts';

// Thousands of fits: on a busy machine that takes longer than a test may by default.
vi.setConfig({ testTimeout: 120_000 });

const temperatures = Array.from({ length: 60 }, (_, i) => -8 + (((i * 7919) % 60) * 40) / 60 + (i % 3) * 0.1);
const noise = (i: number): number => (((i * 104729) % 97) - 48) / 48;
const truth: Readonly<Record<Exclude<ChangePointForm, 'mean'>, (t: number) => number>> = {
  '2P': (t) => 100 - 1.5 * t,
  '3PH': (t) => 40 + 3 * Math.max(14.3 - t, 0),
  '3PC': (t) => 40 + 5 * Math.max(t - 19.7, 0),
  '4P': (t) => 80 - 2 * t + 5 * Math.max(t - 16.2, 0),
  '5P': (t) => 40 + 3 * Math.max(11.8 - t, 0) + 4 * Math.max(t - 20.4, 0),
};
const modelOf = (
  form: ChangePointForm,
  energy: readonly number[],
  t: readonly number[] = temperatures,
): ChangePointModel => {
  const fit = fitChangePoint({ energy, temperature: t }, form);
  if (!fit.ok) throw new Error(JSON.stringify(fit.disqualifications));
  return fit.model;
};

test.each(Object.entries(truth))('%s without noise is found to the last digits', (form, law) => {
  const model = modelOf(form as ChangePointForm, temperatures.map(law));
  for (const t of [-20, -3.3, 9, 15.123, 22, 35])
    expect(changePointExpected(model, t)).toBeCloseTo(law(t), 6);
  expect(model.r2).toBeCloseTo(1, 12);
  if (form === '5P') {
    expect(model.heating?.changePoint.value).toBeCloseTo(11.8, 6);
    expect(model.cooling?.changePoint.value).toBeCloseTo(20.4, 6);
  }
});

test.each(Object.entries(truth))(
  '%s: no change point of a fine grid has a smaller sum of squares',
  (form, law) => {
    const energy = temperatures.map((t, i) => law(t) + 3 * noise(i));
    const model = modelOf(form as ChangePointForm, energy);
    const sseAt = (heating: number, cooling: number): number => {
      // Straight normal equations, another way than that of the product.
      const rows = temperatures.map((t) => [
        1,
        ...(form === '2P' || form === '4P' ? [t] : []),
        ...(model.heating ? [Math.max(heating - t, 0)] : []),
        ...(model.cooling ? [Math.max(t - cooling, 0)] : []),
      ]);
      const k = rows[0]?.length ?? 0;
      const a = Array.from({ length: k }, (_, r) =>
        Array.from({ length: k + 1 }, (_c, c) =>
          rows.reduce((sum, row, i) => sum + (row[r] ?? 0) * (c === k ? (energy[i] ?? 0) : (row[c] ?? 0)), 0),
        ),
      );
      for (let p = 0; p < k; p++)
        for (let r = 0; r < k; r++) {
          if (r === p) continue;
          const f = (a[r]?.[p] ?? 0) / (a[p]?.[p] ?? 1);
          for (let c = p; c <= k; c++) (a[r] as number[])[c] = (a[r]?.[c] ?? 0) - f * (a[p]?.[c] ?? 0);
        }
      const b = a.map((row, r) => (row[k] ?? 0) / (row[r] ?? 1));
      return rows.reduce(
        (sum, row, i) => sum + ((energy[i] ?? 0) - row.reduce((s, x, j) => s + x * (b[j] ?? 0), 0)) ** 2,
        0,
      );
    };
    for (let h = -6; h <= 30; h += 0.5)
      for (let c = model.heating && model.cooling ? h : -6; c <= 30; c += 0.5) {
        const sse = sseAt(h, c);
        if (Number.isFinite(sse)) expect(model.sse).toBeLessThanOrEqual(sse * (1 + 1e-9));
        if (!model.cooling) break;
      }
  },
);

test('on twenty sets of noisy months no change point of a fine grid does better', () => {
  for (let set = 0; set < 20; set++) {
    const t = Array.from(
      { length: 24 },
      (_, i) => 10 - 12 * Math.cos((Math.PI * i) / 6) + 2 * noise(i * 17 + set * 53),
    );
    const energy = t.map((x, i) => truth['3PH'](x) + 25 * noise(i * 29 + set * 101));
    for (const [form, side] of [
      ['3PH', 1],
      ['3PC', -1],
    ] as const) {
      const { sse } = modelOf(form, energy, t);
      const inner = [...t].sort((a, b) => a - b).slice(2, -2);
      for (let at = inner[0] ?? 0; at <= (inner.at(-1) ?? 0); at += 0.05) {
        const x = t.map((value) => Math.max(side * (at - value), 0));
        const [mx, my] = [x.reduce((a, b) => a + b, 0) / 24, energy.reduce((a, b) => a + b, 0) / 24];
        const sxx = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
        const sxy = x.reduce((sum, v, i) => sum + (v - mx) * ((energy[i] ?? 0) - my), 0);
        const syy = energy.reduce((sum, e) => sum + (e - my) ** 2, 0);
        expect(sse).toBeLessThanOrEqual((syy - (sxx > 0 ? sxy ** 2 / sxx : 0)) * (1 + 1e-9));
      }
    }
  }
});

test('the form that made the data is chosen', () => {
  for (const [form, law] of Object.entries(truth)) {
    const [best] = fitChangePoints({
      energy: temperatures.map((t, i) => law(t) + noise(i)),
      temperature: temperatures,
    });
    expect(best?.model.form).toBe(form);
  }
});

test('a stated 95 % of a change point holds it about as often', () => {
  let held = 0;
  const runs = 200;
  for (let run = 0; run < runs; run++) {
    const random = (i: number): number => {
      let sum = 0;
      for (let k = 0; k < 12; k++)
        sum += (Math.imul((run * 7919 + i * 104729 + k * 31 + 17) ^ 0x9e3779b9, 0x85ebca6b) >>> 8) / 2 ** 24;
      return sum - 6;
    };
    const energy = temperatures.map((t, i) => truth['3PH'](t) + 4 * random(i));
    const point = modelOf('3PH', energy).heating?.changePoint;
    if (Math.abs((point?.value ?? 0) - 14.3) <= 2 * (point?.standardError ?? 0)) held++;
  }
  expect(held / runs).toBeGreaterThan(0.9);
  expect(held / runs).toBeLessThan(0.99);
});

test('the order of the points changes no byte, their unit nothing that is judged', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(
        temperatures.map((_, i) => i),
        { minLength: 60 },
      ),
      (order) => {
        const energy = temperatures.map((t, i) => truth['5P'](t) + noise(i));
        const there = fitChangePoint(
          { energy: order.map((i) => energy[i] ?? 0), temperature: order.map((i) => temperatures[i] ?? 0) },
          '5P',
        );
        expect(there).toEqual(fitChangePoint({ energy, temperature: temperatures }, '5P'));
      },
    ),
    { numRuns: 5 },
  );
  const energy = temperatures.map((t, i) => truth['5P'](t) + noise(i));
  const celsius = modelOf('5P', energy);
  const fahrenheit = modelOf(
    '5P',
    energy.map((e) => e * 3.6),
    temperatures.map((t) => 32 + 1.8 * t),
  );
  const [there, here] = [fahrenheit.heating?.changePoint.value, celsius.heating?.changePoint.value];
  expect(there).toBeCloseTo(32 + 1.8 * (here ?? Number.NaN), 6);
  expect(fahrenheit.r2).toBeCloseTo(celsius.r2, 10);
  expect(fahrenheit.cvRmse).toBeCloseTo(celsius.cvRmse, 10);
});

test('what cannot be fitted is told', () => {
  const codes = (energy: readonly number[], temperature: readonly number[], form: ChangePointForm) => {
    const fit = fitChangePoint({ energy, temperature }, form);
    return (fit.ok ? fit.warnings : fit.disqualifications).map(({ code }) => code);
  };
  expect(codes([1, 2, 3], [1, 2, 3], '3PH')).toEqual(['tooFewPoints']);
  expect(
    codes(
      temperatures,
      temperatures.map(() => 5),
      '2P',
    ),
  ).toEqual(['constantVariable']);
  expect(codes([1, 2], [1], '2P')).toEqual(['lengthMismatch']);
  const summer = temperatures.map((t, i) => 40 - 3 * Math.max(14.3 - t, 0) + noise(i));
  expect(codes(summer, temperatures, '3PH')).toContain('negativeSlope');
  const line = temperatures.map((t, i) => 100 - 2 * t + noise(i));
  expect(codes(line, temperatures, '3PH').length).toBeGreaterThan(0);
});
