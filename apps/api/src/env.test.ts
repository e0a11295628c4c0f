import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadEnv } from '@wattproof/runtime';
import { describe, expect, it } from 'vitest';
import { envSchema } from './env.ts';

const example = parseEnv(readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8'));

describe('.env.example', () => {
  it('names every variable of the schema and no other, with values that the schema takes', () => {
    expect(Object.keys(example).sort()).toEqual(Object.keys(envSchema.shape).sort());
    expect(loadEnv(envSchema, example)).toMatchObject({ WATTPROOF_PORT: 24_301, WATTPROOF_PARTITIONS: 4 });
  });

  it('is refused by name where a secret is short or an address is none', () => {
    expect(() => loadEnv(envSchema, { ...example, WATTPROOF_SECRET_KEY: 'c2hvcnQ=' })).toThrow(
      /WATTPROOF_SECRET_KEY/,
    );
    expect(() => loadEnv(envSchema, { ...example, WATTPROOF_DATABASE_URL: 'nowhere' })).toThrow(
      /WATTPROOF_DATABASE_URL/,
    );
  });
});
