import { portalTranslator } from '@wattproof/messages';
import { expect, test } from 'vitest';
import { shareOf } from './audit-text.ts';

test.each([
  [0.9473, '94.7 %'],
  [0.8, '80.0 %'],
  [0.80004, '80.0 %'],
  [0.7994, '79.9 %'],
  [0.7996, '79.96 %'],
  [0.79995, '79.995 %'],
  [0.799_999_6, '79.99996 %'],
])('a share of %f beside a threshold of 80 %% is never rounded up to it', (share, text) => {
  expect(shareOf(portalTranslator('en'), share, 0.8).replace(/\s/g, ' ')).toBe(text);
});
