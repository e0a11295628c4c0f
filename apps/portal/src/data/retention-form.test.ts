import { expect, test } from 'vitest';
import { readDays } from './retention-form.tsx';

test('days that are allowed, empty for ever, anything else is refused', () => {
  expect(readDays('', 30)).toEqual({ keep_days: null });
  expect(readDays(' 1\u202f095 ', 30)).toEqual({ keep_days: 1095 });
  expect(readDays('30', 30)).toEqual({ keep_days: 30 });
  for (const text of ['29', '0', '-1', '12.5', 'a year', '99999']) expect(readDays(text, 30)).toBeNull();
});
