import ts from 'typescript';
import { expect, test } from 'vitest';
import { portalSources } from './sources.ts';

/** Attributes that people read or hear. */
const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'help', 'text']);
const isWords = (text: string): boolean => /\p{L}{2,}/u.test(text);

function literalsOf(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && isWords(node.text)) found.push(`${path}: ${node.text.trim()}`);
    if (
      ts.isJsxAttribute(node) &&
      spoken.has(node.name.getText()) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer) &&
      isWords(node.initializer.text)
    )
      found.push(`${path}: ${node.name.getText()}="${node.initializer.text}"`);
    if (
      ts.isJsxExpression(node) &&
      node.expression &&
      ts.isStringLiteral(node.expression) &&
      !ts.isJsxAttribute(node.parent) &&
      isWords(node.expression.text)
    )
      found.push(`${path}: {'${node.expression.text}'}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
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
