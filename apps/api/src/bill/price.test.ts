import { expect, it } from 'vitest';
import { pricePerMwh } from './price.ts';

it('is the amount for each MWh, to the cent', () => {
  expect(pricePerMwh('240', '2000')).toBe('120.00');
  expect(pricePerMwh('12506.92', '215935')).toBe('57.92');
});

it('keeps the sign of a credit, and says nothing where nothing was used', () => {
  expect(pricePerMwh('-33.10', '250')).toBe('-132.40');
  expect(pricePerMwh('12', '0')).toBeNull();
  expect(pricePerMwh('-12', '-80')).toBeNull();
});
