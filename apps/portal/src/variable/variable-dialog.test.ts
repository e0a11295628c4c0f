import { expect, test } from 'vitest';
import { keyOf } from './variable-dialog.tsx';

test('a key for models is made of the name that people give', () => {
  expect(keyOf('Production, équipe 2')).toBe('production_equipe_2');
  expect(keyOf('2. Ofen (t)')).toBe('ofen_t');
  expect(keyOf('—')).toBe('');
});
