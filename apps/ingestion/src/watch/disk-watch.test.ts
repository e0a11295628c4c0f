import { expect, test } from 'vitest';
import { roomOn } from './disk-watch.ts';

test.each([
  ['half of a large disk', 500e9, 1e12, 'enough'],
  ['a fifth is told', 199e9, 1e12, 'little'],
  ['a twentieth of a small disk stops', 1e9, 32e9, 'none'],
  ['a twentieth of a large disk is still much', 40e9, 1e12, 'little'],
  ['nothing', 0, 32e9, 'none'],
  ['a file system that tells no size', 0, 0, 'enough'],
] as const)('%s', (_, free_bytes, total_bytes, expected) => {
  expect(roomOn({ free_bytes, total_bytes })).toBe(expected);
});
