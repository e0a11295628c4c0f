import { expect, test } from 'vitest';
import { brokerConfiguration } from './mosquitto.ts';

const logTypesAt = (logLevel: string | undefined): string[] =>
  brokerConfiguration({ listener: '1883', pluginFile: '/plugin.so', dataFolder: '/data', logLevel })
    .split('\n')
    .filter((line) => line.startsWith('log_type '));

test('every packet is logged only where somebody asks for it', () => {
  expect(logTypesAt('debug')).toEqual(['log_type all']);
  expect(logTypesAt('trace')).toEqual(['log_type all']);
  for (const level of [undefined, 'info', 'warn', 'error'])
    expect(logTypesAt(level)).toEqual([
      'log_type error',
      'log_type warning',
      'log_type notice',
      'log_type information',
    ]);
});
