import { describe, expect, it } from 'vitest';
import { lookOfChrony, lookOfTimedatectl } from './clock.ts';

describe('what the keepers of a clock say', () => {
  it('is read from chrony: offset in ms, leap status', () => {
    const line =
      'C0248F97,192.36.143.151,2,1795341600.123456789,0.000123456,-0.000020,0.000045,-12.3,0.001,0.02,0.015,0.0004,64.2,';
    expect(lookOfChrony(`${line}Normal\n`)).toEqual({
      synchronised: true,
      source: 'chrony',
      offset_ms: 0.123,
    });
    expect(lookOfChrony(`${line}Not synchronised`)?.synchronised).toBe(false);
    expect(lookOfChrony('506 Cannot talk to daemon')).toBeUndefined();
  });

  it('is read from timedatectl: what the kernel was told', () => {
    expect(lookOfTimedatectl('yes\n')).toEqual({
      synchronised: true,
      source: 'timedatectl',
      offset_ms: null,
    });
    expect(lookOfTimedatectl('no\n')?.synchronised).toBe(false);
    expect(lookOfTimedatectl('')).toBeUndefined();
  });
});
