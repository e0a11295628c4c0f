import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { environment } from './environment.ts';

it('.env.example names exactly what the process reads, with values that are allowed', () => {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const example = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  expect(Object.keys(example).sort()).toEqual(Object.keys(environment.shape).sort());
  expect(environment.safeParse(example).success).toBe(true);
  expect(environment.safeParse({}).success).toBe(false);
});
