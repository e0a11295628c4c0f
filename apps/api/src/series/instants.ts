const day_ms = 86_400_000;

/**
 * Instants as text, as `Date.toISOString` writes them. Neighbours of a series share their day and its series share the
 * times of day, so both are written once: a chart's thousand instants cost less than its query.
 */
export function instants(at_ms: ArrayLike<number>): string[] {
  const texts = new Array<string>(at_ms.length);
  let day = Number.NaN;
  let date = '';
  for (let i = 0; i < at_ms.length; i++) {
    const at = at_ms[i] as number;
    const own = Math.floor(at / day_ms);
    if (own !== day) {
      day = own;
      date = dateOf(own);
    }
    texts[i] = date + timeOfDay(at - own * day_ms);
  }
  return texts;
}

/** Instants at even steps as the inside of a JSON array: whole days are written once for all series that hold them. */
export function evenInstants(first_ms: number, step_ms: number, count: number): string {
  const ofDay = day_ms / step_ms;
  const parts: string[] = [];
  for (let i = 0; i < count; ) {
    const at = first_ms + i * step_ms;
    if (at % day_ms === 0 && Number.isInteger(ofDay) && count - i >= ofDay) {
      parts.push(wholeDay(at, step_ms, ofDay));
      i += ofDay;
    } else {
      const day = Math.floor(at / day_ms);
      parts.push(`"${dateOf(day)}${timeOfDay(at - day * day_ms)}"`);
      i++;
    }
  }
  return parts.join();
}

const quarter_ms = 900_000;
const times = new Map<number, string>();

/** Times on the quarter hour, which is most of them, are kept. */
function timeOfDay(since_ms: number): string {
  if (since_ms % quarter_ms !== 0) return textOf(since_ms);
  let text = times.get(since_ms);
  if (text === undefined) {
    text = textOf(since_ms);
    times.set(since_ms, text);
  }
  return text;
}
const textOf = (since_ms: number): string => new Date(since_ms).toISOString().slice(11);

/** The day and its `T`, by days since 1970. */
const dates = remembering(20_000, (day: number) => new Date(day * day_ms).toISOString().slice(0, 11));
const dateOf = (day: number): string => dates(day, day);

const wholeDays = remembering(
  1_000,
  (at_ms: number, step_ms: number, count: number) =>
    `"${instants(Array.from({ length: count }, (_, i) => at_ms + i * step_ms)).join('","')}"`,
);
/** A day and a step as one number: steps of a day are at most 86,400,000 ms. */
const wholeDay = (at_ms: number, step_ms: number, count: number): string =>
  wholeDays((at_ms / day_ms) * (day_ms + 1) + step_ms, at_ms, step_ms, count);

/** A function that keeps what it said last, so many answers at most. */
function remembering<Rest extends readonly unknown[]>(
  most: number,
  work: (...rest: Rest) => string,
): (key: number, ...rest: Rest) => string {
  const known = new Map<number, string>();
  return (key, ...rest) => {
    let text = known.get(key);
    if (text === undefined) {
      if (known.size >= most) known.clear();
      text = work(...rest);
      known.set(key, text);
    }
    return text;
  };
}
