import { loadEnv } from '@wattproof/runtime';
import { expect, test } from 'vitest';
import { environmentSchema } from './environment.ts';

const complete = {
  WATTPROOF_DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d',
  WATTPROOF_REDIS_URL: 'redis://127.0.0.1:1',
  WATTPROOF_MQTT_URL: 'mqtt://127.0.0.1:1',
  WATTPROOF_MQTT_USERNAME: 'u',
  WATTPROOF_MQTT_PASSWORD: 'p',
};
const partitionsOf = (text: string | undefined) =>
  loadEnv(environmentSchema, { ...complete, WATTPROOF_PARTITIONS: text }).WATTPROOF_PARTITIONS;

test('partitions are a number or a range', () => {
  expect(partitionsOf(undefined)).toEqual([0, 1, 2, 3]);
  expect(partitionsOf('1')).toEqual([0]);
  expect(partitionsOf('20-22')).toEqual([20, 21, 22]);
});

test.each(['0', '3-2', '-1', '1,2', 'all', '0-5000'])('%s is neither', (text) => {
  expect(() => partitionsOf(text)).toThrow(/WATTPROOF_PARTITIONS/);
});

test('what is missing is named, all of it', () => {
  expect(() => loadEnv(environmentSchema, {})).toThrow(
    /WATTPROOF_DATABASE_URL[\s\S]*WATTPROOF_REDIS_URL[\s\S]*WATTPROOF_MQTT_PASSWORD/,
  );
});
