/** Plain data that has exactly one canonical text. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The one text of a value: members in the order of their names' UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them (RFC 8785). Members that are undefined are left out, as JSON does.
 * @throws TypeError where a value is no plain data: NaN, an infinity, a date, a function.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no place in canonical JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  throw new TypeError(`A ${typeof value} has no place in canonical JSON`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const encoder = new TextEncoder();

/** The canonical text as the bytes that are hashed and signed. */
export const canonicalBytes = (value: unknown): Uint8Array => encoder.encode(canonicalJson(value));
