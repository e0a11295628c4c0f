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
      date = new Date(own * day_ms).toISOString().slice(0, 11);
    }
    texts[i] = date + timeOfDay(at - own * day_ms);
  }
  return texts;
}

const quarter_ms = 900_000;
const written = new Map<number, string>();

/** Times on the quarter hour, which is most of them, are kept. */
function timeOfDay(since_ms: number): string {
  if (since_ms % quarter_ms !== 0) return textOf(since_ms);
  let text = written.get(since_ms);
  if (text === undefined) {
    text = textOf(since_ms);
    written.set(since_ms, text);
  }
  return text;
}
const textOf = (since_ms: number): string => new Date(since_ms).toISOString().slice(11);
