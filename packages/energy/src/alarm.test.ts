import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AlarmReading,
  type AlarmRule,
  type AlarmState,
  type AlarmTransition,
  acknowledge,
  evaluateAlarm,
  initialAlarmState,
  isActive,
  noDataAfter_s,
} from './alarm.ts';

const second = 1000;
const above: AlarmRule = {
  kind: 'threshold',
  comparison: 'above',
  threshold: 100,
  hysteresis: 10,
  delay_s: 60,
};
const readings = (...values: (number | null)[]): AlarmReading[] =>
  values.map((value, i) => ({ at_ms: i * 30 * second, value }));
const run = (
  rule: AlarmRule,
  list: readonly AlarmReading[],
  state: AlarmState = initialAlarmState(0),
  now_ms = 1e7,
) => evaluateAlarm({ rule, state, readings: list, now_ms, notifyWithin_s: 1e9 });
const summary = (transitions: readonly AlarmTransition[]) =>
  transitions.map(({ kind, at_ms }) => `${kind} ${at_ms / second}`);

test('it is raised after the delay and clears below the hysteresis, once each', () => {
  const { transitions, state } = run(above, readings(90, 110, 120, 130, 140, 95, 91, 90, 50));
  expect(summary(transitions)).toEqual(['raised 90', 'cleared 210']);
  expect(transitions[0]).toMatchObject({ value: 130, extreme: 130 });
  expect(transitions[1]).toMatchObject({ value: 90, extreme: 140 });
  expect(state.stage).toBe('returnedUnacknowledged');
});

test('a dip inside the delay starts it again; a value on the threshold is not beyond it', () => {
  expect(run(above, readings(110, 110, 100, 110, 110)).transitions).toEqual([]);
  expect(summary(run(above, readings(110, 110, 100, 110, 110, 110)).transitions)).toEqual(['raised 150']);
});

test('without delay the first reading beyond raises', () => {
  expect(summary(run({ ...above, delay_s: 0 }, readings(101)).transitions)).toEqual(['raised 0']);
});

test('below mirrors above', () => {
  const below: AlarmRule = { ...above, comparison: 'below', delay_s: 0 };
  const { transitions } = run(below, readings(101, 99, 80, 105, 110, 99));
  expect(summary(transitions)).toEqual(['raised 30', 'cleared 120', 'raised 150']);
  expect(transitions[1]?.extreme).toBe(80);
});

test('absent values and a hole in the readings prove nothing', () => {
  expect(summary(run(above, readings(110, null, 110)).transitions)).toEqual(['raised 60']);
  const holey: AlarmReading[] = [
    { at_ms: 0, value: 110 },
    { at_ms: 3600 * second, value: 110 },
  ];
  expect(summary(run(above, holey).transitions)).toEqual(['raised 3600']);
  expect(run({ ...above, gapLimit_s: 300 }, holey).transitions).toEqual([]);
});

test('late readings never change the state', () => {
  const first = run({ ...above, delay_s: 0 }, readings(50, 50, 150));
  const late = run(
    { ...above, delay_s: 0 },
    [
      { at_ms: 45 * second, value: 20 },
      { at_ms: 60 * second, value: 20 },
    ],
    first.state,
  );
  expect(late).toMatchObject({ transitions: [], lateReadings: 2, state: first.state });
});

test('readings from the future are ignored', () => {
  const result = run(above, [{ at_ms: 2e7, value: 500 }]);
  expect(result).toMatchObject({ futureReadings: 1, state: initialAlarmState(0) });
});

test('what happened long ago enters the history and wakes nobody', () => {
  const { transitions } = evaluateAlarm({
    rule: { ...above, delay_s: 0 },
    state: initialAlarmState(0),
    readings: [
      { at_ms: 0, value: 150 },
      { at_ms: 3_590 * second, value: 50 },
    ],
    now_ms: 3600 * second,
  });
  expect(transitions.map((t) => t.notify)).toEqual([false, true]);
});

test('acknowledging walks through the stages of ISA-18.2', () => {
  const up = run({ ...above, delay_s: 0 }, readings(150)).state;
  expect(up.stage).toBe('unacknowledged');
  const known = acknowledge(up);
  expect(known.stage).toBe('acknowledged');
  expect(acknowledge(known)).toBe(known);
  const after = run({ ...above, delay_s: 0 }, [{ at_ms: 60 * second, value: 0 }], known);
  expect(after.state.stage).toBe('normal');
  const returned = run({ ...above, delay_s: 0 }, [{ at_ms: 60 * second, value: 0 }], up).state;
  expect(returned.stage).toBe('returnedUnacknowledged');
  const again = run({ ...above, delay_s: 0 }, [{ at_ms: 90 * second, value: 150 }], returned);
  expect(summary(again.transitions)).toEqual(['raised 90']);
  expect(again.state.stage).toBe('unacknowledged');
  expect(acknowledge(returned).stage).toBe('normal');
});

const silence: AlarmRule = { kind: 'noData', after_s: 300 };

test('silence raises once at its deadline and clears with a fresh reading', () => {
  let { state, transitions } = run(silence, [{ at_ms: 0, value: null }], initialAlarmState(0), 299 * second);
  expect(transitions).toEqual([]);
  ({ state, transitions } = run(silence, [], state, 400 * second));
  expect(summary(transitions)).toEqual(['raised 300']);
  ({ state, transitions } = run(silence, [], state, 500 * second));
  expect(transitions).toEqual([]);
  ({ state, transitions } = run(silence, [{ at_ms: 590 * second, value: 1 }], state, 600 * second));
  expect(summary(transitions)).toEqual(['cleared 590']);
});

test('back-filled readings do not end a silence that still lasts, and never clear before the raise', () => {
  const silent = run(silence, [], initialAlarmState(0), 3600 * second).state;
  const backfill = run(silence, [{ at_ms: 1000 * second, value: 1 }], silent, 3600 * second);
  expect(backfill.transitions).toEqual([]);
  const raisedLate: AlarmState = { ...silent, raisedAt_ms: 3500 * second };
  const fresh = run(silence, [{ at_ms: 3400 * second, value: 1 }], raisedLate, 3600 * second);
  expect(summary(fresh.transitions)).toEqual(['cleared 3500']);
});

test('a meter that never reported is silent from the start of supervision', () => {
  expect(summary(run(silence, [], initialAlarmState(1000 * second), 1300 * second).transitions)).toEqual([
    'raised 1300',
  ]);
});

test('no data means three missed readings, at least five minutes', () => {
  expect([noDataAfter_s(10), noDataAfter_s(900)]).toEqual([300, 2700]);
});

const course = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 60, max: 140 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let at = 0;
    return steps.map(([wait, value]): AlarmReading => {
      at += wait * second;
      return { at_ms: at, value };
    });
  });

test('raised and cleared alternate, whatever comes', () => {
  fc.assert(
    fc.property(course, fc.integer({ min: 0, max: 300 }), (list, delay_s) => {
      const { transitions, state } = run({ ...above, delay_s }, list);
      transitions.forEach((t, i) => {
        expect(t.kind).toBe(i % 2 === 0 ? 'raised' : 'cleared');
      });
      expect(isActive(state)).toBe(transitions.length % 2 === 1);
    }),
  );
});

test('batches and order within a batch make no difference', () => {
  fc.assert(
    fc.property(course, fc.nat(), fc.nat(), (list, a, b) => {
      const rule: AlarmRule = { ...above, gapLimit_s: 100 };
      const whole = run(rule, [...list].reverse());
      const cuts = [a % (list.length + 1), b % (list.length + 1)].sort((x, y) => x - y) as [number, number];
      let state = initialAlarmState(0);
      const transitions: AlarmTransition[] = [];
      for (const batch of [list.slice(0, cuts[0]), list.slice(cuts[0], cuts[1]), list.slice(cuts[1])]) {
        const outcome = run(rule, batch, state);
        state = outcome.state;
        transitions.push(...outcome.transitions);
      }
      expect({ state, transitions }).toEqual({ state: whole.state, transitions: whole.transitions });
    }),
  );
});
