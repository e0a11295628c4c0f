import { describe, expect, it, test } from 'vitest';
import { cableLengthTable, modulePositions } from '../../test/guide-tables.ts';
import { findProfile } from '../catalogue.ts';
import { checkModules, type FittedModule, moduleSlots, optionModules } from './control-units.ts';
import { chooseTransformer, classOf, ctSetting, currentTransformers } from './current-transformers.ts';
import { checkSupply } from './interfaces.ts';
import { bareNumber } from './product.ts';
import { findProduct, products } from './product-catalogue.ts';

// Catalogue numbers of the guide's chapters, written down by hand.
const printed = `4 120 68, 4 120 69, 0 046 70, 0 046 81, 0 046 72, 0 046 77, 0 046 78, 0 046 79, 0 046 73, 0 046 80,
0 046 82, 0 046 83, 0 046 74, 0 046 84, 0 046 85, 0 046 86, 4 120 51, 4 120 52, 4 120 53, 4 120 55, 4 120 56, 4 120 57,
4 120 58, 4 120 59, 4 120 60, 4 120 61, 4 120 65, 4 120 00, 4 120 10, 4 120 02, 0 035 56, 0 288 00, 0 288 01, 0 288 02,
0 288 03, 0 288 04, 0 288 05, 0 288 06, 1 466 23, 4 106 57, 4 106 58, 4 106 59, 4 210 75, 0 261 36, 0 046 89, 0 261 56,
0 261 78, 0 261 79, 0 261 88, 0 261 89`;

describe('products of the guide', () => {
  test.each(printed.split(/,\s*/))('%s is known, with and without spaces', (number) => {
    expect(findProduct(number)?.catalogueNumber).toBe(number);
    expect(findProduct(bareNumber(number))?.catalogueNumber).toBe(number);
  });

  it('has each number once, profiles that exist, and needs that are products', () => {
    const numbers = products.map((p) => bareNumber(p.catalogueNumber));
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const product of products) {
      for (const id of product.profileIds) expect(findProfile(id)?.id).toBe(id);
      for (const need of product.needs ?? []) expect(findProduct(need)).toBeDefined();
    }
    expect(findProduct('9 999 99')).toBeUndefined();
  });

  it('gives every product with RS485 its settings, and every meter of that kind a register map', () => {
    for (const product of products.filter((p) => p.outputs.includes('rs485'))) {
      expect(product.communication?.bauds.length).toBeGreaterThan(0);
      if (product.kind === 'meter') expect(product.profileIds.length).toBeGreaterThan(0);
    }
  });

  it('counts the dots of the printed table: 9 pulse, 7 RS485, 7 MID', () => {
    const meters = products.filter((p) => p.kind === 'meter');
    expect(meters).toHaveLength(16);
    expect(meters.filter((m) => m.pulse)).toHaveLength(9);
    expect(meters.filter((m) => m.outputs.includes('rs485'))).toHaveLength(7);
    expect(meters.filter((m) => m.isMid)).toHaveLength(7);
    expect(findProduct('0 046 70')?.pulse).toMatchObject({ weights_wh: [0.5], durations_ms: [40] });
    expect(meters.filter((m) => m.quantities.includes('tariffs')).map((m) => m.catalogueNumber)).toEqual([
      '0 046 73',
    ]);
  });
});

describe('current transformers', () => {
  test.each(cableLengthTable)(
    '%s A: %s carries %s VA in class 0.5 or %s VA in class 1',
    (rating, number, fine, coarse) => {
      const ct = currentTransformers.find((c) => c.catalogueNumber === number);
      expect(ct).toMatchObject({
        primary_a: Number(rating.replace('3 x ', '')),
        burden_va: fine ?? coarse,
        class_burden: fine === null ? 1 : 0.5,
        construction: rating.startsWith('3') && rating.includes('x') ? 'threePhase' : expect.any(String),
      });
    },
  );

  it('are 41, of which seven carry two classes', () => {
    expect(currentTransformers).toHaveLength(41);
    expect(currentTransformers.filter((c) => c.class_printed !== c.class_burden)).toHaveLength(7);
  });

  it('are entered as ratio on a meter and as primary current on a control unit', () => {
    const ct = { primary_a: 100, secondary_a: 5 };
    expect(ctSetting(ct, 'meter')).toBe(20);
    expect(ctSetting(ct, 'controlUnit')).toBe(100);
  });

  it('are chosen by current, cable, bar, class and burden, the closest rating first', () => {
    const fitting = (wish: Parameters<typeof chooseTransformer>[0]): string[] =>
      chooseTransformer(wish)
        .filter((c) => c.reasons.length === 0)
        .map((c) => c.transformer.catalogueNumber);
    expect(fitting({ current_a: 190, cable_mm: 20 }).slice(0, 2)).toEqual(['4 121 06', '4 121 07']);
    // 4 121 07 is class 0.5 in one table and 1 in the other: it is no answer to a wish for 0.5.
    expect(fitting({ current_a: 240, cable_mm: 20, class: 0.5 })[0]).toBe('4 121 16');
    expect(fitting({ current_a: 900, bar_mm: [10, 48] })).toEqual(
      expect.arrayContaining(['4 121 33', '4 121 39', '4 121 64']),
    );
    expect(fitting({ current_a: 900, bar_mm: [60, 30] })).not.toContain('4 121 33');
    expect(fitting({ current_a: 5000 })).toEqual([]);
    expect(fitting({ current_a: 350, burden_va: 7, cable_mm: 26 })[0]).toBe('4 121 12');
    expect(chooseTransformer({ current_a: 5000, cable_mm: 50 })[0]?.reasons).toContain('tooSmall');
    expect(chooseTransformer({ current_a: 380, usual_a: 20 })[0]).toMatchObject({ usualLoad_percent: 5 });
    for (const { transformer } of chooseTransformer({ current_a: 1, class: 0.5 }).filter(
      (c) => c.reasons.length === 0,
    ))
      expect(classOf(transformer)).toBe(0.5);
  });
});

describe('modules of a control unit', () => {
  test.each(modulePositions)('%s: at most %i, slots %s', (number, most, slots) => {
    const module = optionModules.find((m) => m.catalogueNumber === number);
    expect(module?.count_max).toBe(most);
    expect(moduleSlots.map((slot) => (module?.slots.includes(slot) ? 'X' : '-')).join('')).toBe(slots);
  });

  const codes = (...fitted: [FittedModule['slot'], string][]): string[] =>
    checkModules(
      '4 120 53',
      fitted.map(([slot, catalogueNumber]) => ({ slot, catalogueNumber })),
    ).map((f) => f.code);

  it('accepts what the guide allows', () => {
    expect(codes(['A', '4 120 56'], ['B', '4 120 61'], ['C', '4 120 57'], ['D', '4 120 58'])).toEqual([]);
  });

  it('refuses what it does not, and says why', () => {
    expect(codes(['B', '4 120 55'])).toEqual(['wrongSlot']);
    expect(codes(['A', '4 120 55'], ['A', '4 120 59'])).toEqual(['slotTwice']);
    expect(codes(['A', '4 120 55'], ['B', '4 120 59'], ['C', '4 120 59'], ['D', '4 120 59'])).toEqual([
      'tooMany',
    ]);
    expect(codes(['A', '4 120 55'], ['A', '4 120 56'])).toEqual(['slotTwice', 'bothRs485']);
    expect(codes(['B', '4 120 61'])).toEqual(['harmonicsNeedRs485']);
    expect(codes(['C', '4 120 57'])).toEqual(['noRs485']);
    expect(codes(['A', '4 120 55'], ['B', '4 120 77'])).toEqual(['unknownModule']);
    expect(checkModules('4 120 51', [{ slot: 'A', catalogueNumber: '4 120 55' }])[0]?.code).toBe(
      'takesNoModules',
    );
    expect(checkModules('4 120 51', [])).toEqual([]);
  });
});

test('a supply of DMX³ feeds one MP6 or four MP4, never both', () => {
  expect(checkSupply({ mp4: 4, mp6: 0 })).toEqual([]);
  expect(checkSupply({ mp4: 0, mp6: 1 })).toEqual([]);
  expect(checkSupply({ mp4: 1, mp6: 1 }).map((f) => f.code)).toEqual(['mixedUnits']);
  expect(checkSupply({ mp4: 5, mp6: 0 }).map((f) => f.code)).toEqual(['tooManyUnits']);
  expect(checkSupply({ mp4: 0, mp6: 2 }).map((f) => f.code)).toEqual(['tooManyUnits']);
});
