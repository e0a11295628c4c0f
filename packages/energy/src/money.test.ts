import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDecimal,
  compareDecimal,
  decimalOf,
  divideDecimal,
  isDecimal,
  multiplyDecimal,
  roundDecimal,
  subtractDecimal,
  sumDecimals,
} from './money.ts';

test('what binary floats get wrong is exact', () => {
  expect(addDecimal('0.1', '0.2')).toBe('0.3');
  expect(sumDecimals(Array.from({ length: 1000 }, () => '0.001'))).toBe('1.000');
  expect(multiplyDecimal('123456789.123456', '987654321.654321')).toBe('121932631315347490.569424853376');
  expect(subtractDecimal('1', '1.00')).toBe('0.00');
});

test.each([
  ['2.5', 0, 'halfEven', '2'],
  ['3.5', 0, 'halfEven', '4'],
  ['2.5', 0, 'halfUp', '3'],
  ['-2.5', 0, 'halfUp', '-3'],
  ['-2.5', 0, 'halfEven', '-2'],
  ['1.005', 2, 'halfUp', '1.01'],
  ['79.995', 2, 'down', '79.99'],
  ['-0.009', 2, 'down', '0.00'],
  ['7', 2, 'halfUp', '7.00'],
] as const)('%s to %i digits, %s, is %s', (value, digits, rounding, expected) => {
  expect(roundDecimal(value, digits, rounding)).toBe(expected);
});

test('numbers become the decimals they print as', () => {
  expect([0.1, 1e21, -2.5e-7, 1234, 0].map(decimalOf)).toEqual([
    '0.1',
    '1000000000000000000000',
    '-0.00000025',
    '1234',
    '0',
  ]);
  expect(() => decimalOf(Number.NaN)).toThrow(RangeError);
});

test('what is no decimal number is refused', () => {
  for (const text of ['', '1,5', '1e3', '1.', '.5', ' 1', 'NaN', '+1']) {
    expect(isDecimal(text)).toBe(false);
    expect(() => addDecimal(text, '1')).toThrow(RangeError);
  }
  expect(() => divideDecimal('1', '0.00', { digits: 2, rounding: 'down' })).toThrow(RangeError);
});

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 6 }))
  .map(([units, scale]) =>
    divideDecimal(units.toString(), (10n ** BigInt(scale)).toString(), { digits: scale, rounding: 'down' }),
  );

test('sums do not depend on order, subtraction undoes addition', () => {
  fc.assert(
    fc.property(fc.array(decimal, { maxLength: 20 }), decimal, (values, x) => {
      expect(compareDecimal(sumDecimals(values), sumDecimals([...values].reverse()))).toBe(0);
      expect(
        compareDecimal(subtractDecimal(addDecimal(sumDecimals(values), x), x), sumDecimals(values)),
      ).toBe(0);
    }),
  );
});

test('products distribute over sums', () => {
  fc.assert(
    fc.property(decimal, decimal, decimal, (a, b, c) => {
      const left = multiplyDecimal(a, addDecimal(b, c));
      const right = addDecimal(multiplyDecimal(a, b), multiplyDecimal(a, c));
      expect(compareDecimal(left, right)).toBe(0);
    }),
  );
});

test('rounding moves a value by at most half a unit', () => {
  fc.assert(
    fc.property(
      decimal,
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom('halfEven', 'halfUp'),
      (value, digits, mode) => {
        const moved = subtractDecimal(roundDecimal(value, digits, mode as 'halfUp'), value).replace('-', '');
        const half = divideDecimal('1', (2n * 10n ** BigInt(digits)).toString(), {
          digits: digits + 1,
          rounding: 'down',
        });
        expect(compareDecimal(moved, half)).not.toBe(1);
      },
    ),
  );
});
