/** Notices that the wall clock was set: it then no longer runs beside the monotonic one. */
export interface WallClock {
  readonly offset_ms: number;
  readonly steps: number;
}

/** A clock that is slewed moves by far less between two looks. */
const step_ms = 1000;

export const wallClockAt = (wall_ms: number, monotonic_ms: number): WallClock => ({
  offset_ms: wall_ms - monotonic_ms,
  steps: 0,
});

/** The clock after another look; `steps` rises where it was set by a second or more. */
export function lookedAt(clock: WallClock, wall_ms: number, monotonic_ms: number): WallClock {
  const offset_ms = wall_ms - monotonic_ms;
  const isStep = Math.abs(offset_ms - clock.offset_ms) >= step_ms;
  return { offset_ms, steps: clock.steps + (isStep ? 1 : 0) };
}
