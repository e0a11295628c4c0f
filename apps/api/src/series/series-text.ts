import type { Series } from '@wattproof/contracts/api';
import type { SeriesPoints } from '@wattproof/database/queries';
import { type IntervalQuality, intervalQualities, type Measurand } from '@wattproof/energy';
import { sharesOf } from '../figure/quality.ts';
import { evenInstants, instants } from './instants.ts';

/**
 * One kept series as the JSON of the contract, from the database's own text of its columns: values are neither parsed nor
 * written again. Undefined where the points are not one after the other (something is missing between them, or hours
 * differ in length): those are read as columns.
 */
export function seriesText(points: SeriesPoints, measurand: Measurand): string | undefined {
  const starts = startsOf(points);
  if (!starts) return undefined;
  const { meter, classes, values, counts } = points;
  const head = {
    meterId: meter.id,
    name: meter.name,
    measurand: measurand.name,
    unit: measurand.unit,
    kind: measurand.kind,
    timeZone: meter.timeZone,
    source: 'intervals',
    base_s: meter.base_s,
  } satisfies Partial<Series['series'][number]>;
  const columns = measurand.kind === 'counter' ? (['delta'] as const) : (['mean', 'min', 'max'] as const);
  return `${JSON.stringify(head).slice(0, -1)},"start":${starts},"duration_s":${durationsText(points)},${columns
    .map((name) => `"${name}":${arrayText(values[name])}`)
    .join(',')},"quality":${qualityText(classes)},"shares":${JSON.stringify(sharesOf(counts))}}`;
}

/** `{1,NULL,2.5}` as `[1,null,2.5]`; no value at all is an empty list. */
function arrayText(text: string | null): string {
  if (text === null) return '[]';
  const inner = text.slice(1, -1);
  return `[${inner.includes('N') ? inner.replaceAll('NULL', 'null') : inner}]`;
}

const repeated = (text: string, count: number): string =>
  count === 0 ? '[]' : `[${`${text},`.repeat(count - 1)}${text}]`;

const durationsText = ({ durations, count, longest_s }: SeriesPoints): string =>
  durations === null ? repeated(String(longest_s), count) : arrayText(durations);

const qualityWords = intervalQualities.map((quality: IntervalQuality) => `"${quality}"`);

/** A word for each class; whole days of one kind and whole nights of another come again and again. */
function qualityText(classes: string): string {
  const parts: string[] = [];
  for (let i = 0; i < classes.length; i += classesKept)
    parts.push(wordsOf(classes.slice(i, i + classesKept)));
  return `[${parts.join()}]`;
}
const classesKept = 24;
const words = new Map<string, string>();
function wordsOf(classes: string): string {
  let text = words.get(classes);
  if (text === undefined) {
    if (words.size >= 1_000) words.clear();
    text = Array.from(classes, (code) => qualityWords[Number(code)]).join();
    words.set(classes, text);
  }
  return text;
}

/** The starts as a JSON array; undefined where they do not follow from the first and the durations. */
function startsOf({
  count,
  first_ms,
  last_ms,
  longest_s,
  length_s,
  durations,
}: SeriesPoints): string | undefined {
  if (count === 0) return '[]';
  const isEven = length_s === longest_s * count;
  if (!isEven && durations === null) return undefined;
  const each_s = isEven ? null : (JSON.parse(arrayText(durations)) as number[]);
  const last_s = each_s?.at(-1) ?? longest_s;
  if (first_ms + (length_s - last_s) * 1_000 !== last_ms) return undefined;
  if (!each_s) return `[${evenInstants(first_ms, longest_s * 1_000, count)}]`;
  const start_ms = new Float64Array(count);
  let at_ms = first_ms;
  for (let i = 0; i < count; i++) {
    start_ms[i] = at_ms;
    at_ms += (each_s[i] as number) * 1_000;
  }
  return `["${instants(start_ms).join('","')}"]`;
}
