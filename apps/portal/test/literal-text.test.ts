import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';
import { portalSources } from './sources.ts';

/** Attributes that people read or hear. */
const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'help', 'text']);
const isWords = (text: string): boolean => /\p{L}{2,}/u.test(text);

function literalsOf(path: string, text: string): string[] {
  const found: string[] = [];
  new Visitor({
    'JSXText:exit': ({ value }) => {
      if (isWords(value)) found.push(`${path}: ${value.trim()}`);
    },
    'JSXAttribute:exit': ({ name, value }) => {
      if (name.type !== 'JSXIdentifier' || !spoken.has(name.name)) return;
      if (value?.type === 'Literal' && isWords(String(value.value)))
        found.push(`${path}: ${name.name}="${value.value}"`);
    },
    'JSXElement:exit': ({ children }) => {
      for (const child of children)
        if (child.type === 'JSXExpressionContainer' && child.expression.type === 'Literal') {
          const { value } = child.expression;
          if (typeof value === 'string' && isWords(value)) found.push(`${path}: {'${value}'}`);
        }
    },
  }).visit(parseSync(path, text).program);
  return found;
}

test('finds text that is not in a catalogue', () => {
  expect(
    literalsOf('a.tsx', 'export const A = () => <p title="Hello">Good day {"again"} {t("x")}</p>;'),
  ).toHaveLength(3);
  expect(literalsOf('b.tsx', 'export const B = () => <p className="wide">{t("x")} ± 3</p>;')).toEqual([]);
});

test('no component holds text of its own', () => {
  expect(portalSources('{app,src}/**/*.tsx').flatMap(({ path, text }) => literalsOf(path, text))).toEqual([]);
}, 60_000);
