import { describe, expect, it } from 'vitest';
import { judgeCounter } from './counter-memory.ts';

const rules = { modulus: 1_000_000, step: 10 };
const at = (value: number, second: number) => ({ value, at_ms: 1000 * second });

describe('judgeCounter', () => {
  it('knows a reset from a register that passed its end', () => {
    expect(judgeCounter(at(500_000, 0), at(120, 60), rules)).toBe('counterReset');
    expect(judgeCounter(at(999_990, 0), at(120, 60), rules)).toBeUndefined();
    expect(judgeCounter(at(999_990, 0), at(120, 60), { step: 10 })).toBe('counterReset');
  });

  it('says when more was counted than the source can give: 43 470 W are 724.5 Wh a minute', () => {
    const pulses = { ...rules, rate_per_s_max: 43_470 / 3600 };
    expect(judgeCounter(at(0, 0), at(730, 60), pulses)).toBeUndefined();
    expect(judgeCounter(at(0, 0), at(740, 60), pulses)).toBe('outOfRange');
  });

  it('says nothing of the first value, or when the clock went back', () => {
    expect(judgeCounter(undefined, at(5, 0), rules)).toBeUndefined();
    expect(judgeCounter(at(5, 10), at(1, 10), rules)).toBeUndefined();
  });
});
