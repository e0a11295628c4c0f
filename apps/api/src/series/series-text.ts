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
  const { meter, count, classes, values, counts } = points;
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
    .join(',')},"quality":${qualityText(count, classes)},"shares":${JSON.stringify(sharesOf(counts))}}`;
}

/** `{1,NULL,2.5}` as `[1,null,2.5]`; no value at all is an empty list. */
function arrayText(text: string | null): string {
  if (text === null) return '[]';
  const inner = text.slice(1, -1);
  return `[${inner.includes('N') ? inner.replaceAll('NULL', 'null') : inner}]`;
}

const repeated = (text: string, count: number): string =>
  count === 0 ? '[]' : `[${`${text},`.repeat(count - 1)}${text}]`;

const durationsText = ({ durations, count, shortest_s }: SeriesPoints): string =>
  durations === null ? repeated(String(shortest_s), count) : arrayText(durations);

const qualityWords = intervalQualities.map((quality: IntervalQuality) => `"${quality}"`);

function qualityText(count: number, classes: string | null): string {
  if (classes === null) return repeated(qualityWords[0] as string, count);
  let words = '';
  for (let i = 0; i < count; i++) words += `${i === 0 ? '' : ','}${qualityWords[classes.charCodeAt(i) - 48]}`;
  return `[${words}]`;
}

/** The starts as a JSON array; undefined where they do not follow from the first and the durations. */
function startsOf({
  count,
  first_ms,
  last_ms,
  shortest_s,
  longest_s,
  length_s,
  durations,
}: SeriesPoints): string | undefined {
  if (count === 0) return '[]';
  const isEven = shortest_s === longest_s;
  if (!isEven && durations === null) return undefined;
  const each_s = isEven ? null : (JSON.parse(arrayText(durations)) as number[]);
  const last_s = each_s?.at(-1) ?? shortest_s;
  if (first_ms + (length_s - last_s) * 1_000 !== last_ms) return undefined;
  if (!each_s) return `[${evenInstants(first_ms, shortest_s * 1_000, count)}]`;
  const start_ms = new Float64Array(count);
  let at_ms = first_ms;
  for (let i = 0; i < count; i++) {
    start_ms[i] = at_ms;
    at_ms += (each_s[i] as number) * 1_000;
  }
  return `["${instants(start_ms).join('","')}"]`;
}
