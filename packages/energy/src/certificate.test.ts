/** The same published cases that the certificate runs on a running version. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { check, type ReadInput, runCase, sharedDigits } from './certificate.ts';
import { certificateCases } from './certificate-cases.ts';

const read: ReadInput = (file) => {
  const bytes = readFileSync(new URL(`../fixtures/${file}`, import.meta.url));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
};

test.each(certificateCases.map((one) => [one.id, one] as const))(
  '%s',
  (_, one) => {
    const result = runCase(one, read);
    expect(result.failure).toBeNull();
    expect(result.checks.length).toBeGreaterThan(0);
    for (const { name, expected, obtained, passed } of result.checks)
      expect({ name, expected, obtained, passed }).toEqual({ name, expected, obtained, passed: true });
  },
  30_000,
);

test('every case has a name of its own', () => {
  const ids = certificateCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a reading that differs fails its case, a missing input too, with the reason', () => {
  const [norris] = certificateCases;
  if (!norris) throw new Error('no case');
  const spoiled: ReadInput = (file) => read(file).replace('338.8', '338.9');
  expect(runCase(norris, spoiled)).toMatchObject({ passed: false, failure: null });
  const missing = runCase(norris, () => {
    throw new Error('no such file');
  });
  expect(missing).toMatchObject({ passed: false, failure: 'no such file', checks: [] });
});

test('what is compared', () => {
  const quantity = { name: 'q', expected: 1571.28, obtained: 1571.2777 };
  expect(check({ ...quantity, tolerance: { kind: 'absolute', greatest: 0.005 } }).passed).toBe(true);
  expect(check({ ...quantity, tolerance: { kind: 'digits', least: 6 } }).passed).toBe(false);
  expect(check({ ...quantity, tolerance: { kind: 'exact' } }).passed).toBe(false);
  for (const kind of ['digits', 'absolute', 'exact'] as const)
    expect(
      check({ ...quantity, obtained: Number.NaN, tolerance: { kind, least: 0, greatest: 1e9 } as never })
        .passed,
    ).toBe(false);
  expect(sharedDigits(1.001, 1)).toBeCloseTo(3, 6);
  expect(sharedDigits(1e-12, 0)).toBeNull();
});
