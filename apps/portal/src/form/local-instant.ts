const day_ms = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
}

/** The wall clock of a zone at an instant, as milliseconds that UTC would call by the same date and time. */
export function wallClock_ms(timeZone: string, at_ms: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at_ms)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (at_ms - Math.floor(at_ms / 1000) * 1000);
}

/** Every instant at which a zone's clock shows a wall time: none where the clock skips it, two where it comes twice. */
export function instantsOfWall(timeZone: string, wall_ms: number): number[] {
  const guesses = [wall_ms - day_ms, wall_ms + day_ms].map(
    (at) => wall_ms - (wallClock_ms(timeZone, at) - at),
  );
  return [...new Set(guesses)].filter((at) => wallClock_ms(timeZone, at) === wall_ms).sort((a, b) => a - b);
}

/** Every instant of a local `YYYY-MM-DDTHH:MM`, as a date-time input holds it; none where the text is no date and time. */
export function localInstants(timeZone: string, text: string): number[] {
  const wall = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return Number.isNaN(wall) ? [] : instantsOfWall(timeZone, wall);
}

/** The local `YYYY-MM-DDTHH:MM` of an instant. */
export const localText = (timeZone: string, at_ms: number): string =>
  new Date(wallClock_ms(timeZone, at_ms)).toISOString().slice(0, 16);
