import { describe, expect, it } from 'vitest';
import { contrast, deltaE2000, labOf, type Vision } from '../test/color-difference.ts';
import { carrierCodes, dark, light, type Theme, useCodes } from './tokens.ts';

const visions: readonly Vision[] = ['normal', 'deuteranopia', 'protanopia'];

function smallestDifference(colors: readonly string[], seenBy: Vision): number {
  const labs = colors.map((c) => labOf(c, seenBy));
  let smallest = Number.POSITIVE_INFINITY;
  for (const [i, a] of labs.entries())
    for (const b of labs.slice(i + 1)) smallest = Math.min(smallest, deltaE2000(a, b));
  return smallest;
}

/** Compressed air is carrier and use with one colour; "not explained" is a neutral outline. */
const usesOf = (theme: Theme): string[] =>
  Object.entries(theme.uses)
    .filter(([name]) => name !== 'compressedAir' && name !== 'unexplained')
    .map(([, color]) => color);

describe('CIEDE2000', () => {
  // Pairs 1, 7, 17 and 25 of the published test data of Sharma, Wu and Dalal.
  it.each([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ] as const)('%j against %j', (a, b, expected) => {
    expect(deltaE2000(a, b)).toBeCloseTo(expected, 4);
  });
});

describe.each([light, dark])('theme $name', (theme) => {
  it.each(visions)('tells carriers and uses apart with %s vision', (seenBy) => {
    const limit = seenBy === 'normal' ? 15 : 10;
    expect(smallestDifference(Object.values(theme.carriers), seenBy)).toBeGreaterThanOrEqual(limit);
    expect(smallestDifference(usesOf(theme), seenBy)).toBeGreaterThanOrEqual(limit);
  });

  it('keeps every data colour at 3:1 on the sheet', () => {
    for (const color of [...Object.values(theme.carriers), ...Object.values(theme.uses)])
      expect(contrast(color, theme.colors.sheet)).toBeGreaterThanOrEqual(3);
  });

  it('keeps text at 4.5:1 on every surface it stands on', () => {
    const { ink, ink2, ink3, accent, accentInk, accentWash, crit, critWash, warn, warnWash, good } =
      theme.colors;
    for (const surface of [theme.colors.sheet, theme.colors.rail, theme.colors.raised, theme.colors.sunk])
      for (const text of [ink, ink2, ink3, accent, crit, warn, good])
        expect(contrast(text, surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accentInk, accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(ink, accentWash)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(crit, critWash)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(warn, warnWash)).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps control borders and band edges at 3:1 on the sheet', () => {
    expect(contrast(theme.colors.ctl, theme.colors.sheet)).toBeGreaterThanOrEqual(3);
    expect(contrast(theme.colors.bandLine, theme.colors.sheet)).toBeGreaterThanOrEqual(3);
  });
});

describe('codes', () => {
  it('are unique within carriers and within uses', () => {
    for (const codes of [carrierCodes, useCodes])
      expect(new Set(Object.values(codes)).size).toBe(Object.keys(codes).length);
  });
});
