import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiPath } from '../openapi/file.ts';
import { plainPattern, routeOf, unitOfName } from './figure-formula.ts';
import { formulas } from './formula/index.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
interface Document {
  readonly paths: Readonly<
    Record<
      string,
      { get?: { responses: { 200?: { content?: { 'application/json'?: { schema: Schema } } } } } }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const document = JSON.parse(readFileSync(openApiPath, 'utf8')) as Document;

/** Members that have an extent or a price: their name ends in a unit, or they are an amount or a share. */
const isMeasured = (name: string): boolean =>
  unitOfName(name) !== null || /^(amount|amountExVat|vatAmount|unitPrice)$/.test(name);

/** Places of numbers with a unit in an answer, without identities. Quality shares and positions are no figures. */
function measuredPlaces(schema: Schema): ReadonlySet<string> {
  const places = new Set<string>();
  const walk = (given: Schema, place: string, depth: number): void => {
    const one = given.$ref
      ? (document.components.schemas[given.$ref.split('/').at(-1) ?? ''] ?? given)
      : given;
    if (depth > 12 || /(^|\.)(quality|shares|latest|forecasts|plan|draft)$/.test(place)) return;
    for (const form of one.anyOf ?? []) walk(form, place, depth + 1);
    if (one.items) walk(one.items, `${place}[]`, depth + 1);
    for (const [name, member] of Object.entries(one.properties ?? {}))
      walk(member, place ? `${place}.${name}` : name, depth + 1);
    const name = place.split('.').at(-1)?.replaceAll('[]', '') ?? '';
    const types = [one.type ?? []].flat();
    const isNumber = types.includes('number') || types.includes('integer') || one.pattern === decimal;
    if (isNumber && isMeasured(name)) places.add(plainPattern(place));
  };
  walk(schema, '', 0);
  return places;
}
const decimal = '^-?\\d+(\\.\\d+)?$';

/** Answers that tell of devices, of the running system or of jobs: nothing in them is computed from readings or bills. */
const ofTheSystem =
  /^(device-catalogue|gateways|jobs|storage|retention|quarantine|dead-letters|receipts|bill-imports|factors|meters\/\{meterId\}\/readings)/;

const answers = Object.entries(document.paths).flatMap(([path, { get }]) => {
  const schema = get?.responses[200]?.content?.['application/json']?.schema;
  const route = path.replace('/api/v1/', '');
  return schema && !ofTheSystem.test(route) ? [{ route, places: measuredPlaces(schema) }] : [];
});

test('every number with a unit in every answer has a formula, or a stated reason why it is not computed', () => {
  const without = answers.flatMap(({ route, places }) =>
    [...places]
      .filter((place) => (formulas[route]?.[place] ?? formulas[route]?.['*']) === undefined)
      .map((place) => `${route} ${place}`),
  );
  expect(without).toEqual([]);
  expect(answers.flatMap(({ places }) => [...places]).length).toBeGreaterThan(150);
});

test('a formula stands for a place that there is, and says its unit', () => {
  for (const [route, known] of Object.entries(formulas)) {
    expect(document.paths[`/api/v1/${route}`]?.get, route).toBeDefined();
    for (const [place, formula] of Object.entries(known)) {
      if (typeof formula === 'string') continue;
      const name = place.split('.').at(-1)?.replaceAll('[]', '') ?? '';
      expect(formula.unit ?? unitOfName(name), `${route} ${place}`).toBeTruthy();
      expect(formula.version).toBeGreaterThanOrEqual(1);
    }
  }
});

test('a path leads to its route; one that leaves the API leads nowhere', () => {
  expect(routeOf('sites/0190/uses', formulas)).toMatchObject({
    route: 'sites/{siteId}/uses',
    params: { siteId: '0190' },
  });
  for (const path of ['sites/../me', 'receipts/a', 'sites/%2e%2e/uses', '', 'sites/a b/uses'])
    expect(routeOf(path, formulas)).toBeNull();
});
