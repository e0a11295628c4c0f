/**
 * Where a figure stands in an answer of the API: members by their names, entries of lists by what identifies them, so that
 * the place stays right when entries come, go or are sorted otherwise.
 *
 *   soFar[period=month].carriers[carrier=electricity].energy_wh      rows[id=null].share      quantiles[2].value
 */

/** Characters that separate; in a value they are written in percent. */
const encode = (value: string): string =>
  value.replace(
    /[%[\],=.~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/** The entry of a list that has these values: `entry('rows', { use: 'heating', carrier: 'gas' })`. */
export const entry = (list: string, by: Readonly<Record<string, string | number | null>>): string =>
  `${list}[${Object.entries(by)
    .map(([name, value]) => `${name}=${encode(String(value))}`)
    .join(',')}]`;

export type AnswerObject = Readonly<Record<string, unknown>>;

export interface FoundMember {
  readonly value: unknown;
  /** The objects around it, the nearest first; the last one is the answer. */
  readonly owners: readonly AnswerObject[];
  /** The place without the identities: `rows[].share`. */
  readonly pattern: string;
}

const isObject = (value: unknown): value is AnswerObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const step = /^([A-Za-z_$][\w$]*)((?:\[[^[\]]*\])*)$/;

function chosen(list: unknown, by: string): unknown {
  if (!Array.isArray(list)) return undefined;
  if (/^\d+$/.test(by)) return list[Number(by)];
  const wanted = by.split(',').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))] as const;
  });
  return list.find((one) => isObject(one) && wanted.every(([name, value]) => String(one[name]) === value));
}

/** A member of an answer by its place; null where the place is written wrong or nothing stands there. */
export function findMember(answer: unknown, place: string): FoundMember | null {
  let value: unknown = answer;
  const owners: AnswerObject[] = [];
  const pattern: string[] = [];
  for (const part of place.split('.')) {
    const [, name, lists = ''] = step.exec(part) ?? [];
    if (name === undefined || !isObject(value) || !Object.hasOwn(value, name)) return null;
    owners.unshift(value);
    value = value[name];
    const bys = [...lists.matchAll(/\[([^[\]]*)\]/g)].map(([, by = '']) => by);
    for (const by of bys) value = chosen(value, by);
    if (value === undefined) return null;
    pattern.push(`${name}${'[]'.repeat(bys.length)}`);
  }
  return { value, owners, pattern: pattern.join('.') };
}
