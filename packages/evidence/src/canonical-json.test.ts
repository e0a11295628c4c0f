import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

test('one text per value, in the order of names, numbers as ECMAScript writes them (RFC 8785)', () => {
  expect(canonicalJson({ b: [1e21, 0.1, -0, 1e-7], a: { ü: 'é\n', A: null }, c: undefined })).toBe(
    '{"a":{"A":null,"ü":"é\\n"},"b":[1e+21,0.1,0,1e-7]}',
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, new Date(0), () => 1])('%s is refused', (value) => {
  expect(() => canonicalJson({ value })).toThrow(TypeError);
});
