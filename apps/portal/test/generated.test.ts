import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tokensCss } from '@wattproof/charts';
import { expect, test } from 'vitest';
import { iconShapes } from '../src/icon/icon-shapes.ts';

const require = createRequire(import.meta.url);
const plain = (css: string): string => css.replace(/\s+/g, ' ').trim();

test('tokens.css is what the tokens say', () => {
  const file = readFileSync(new URL('../src/style/tokens.css', import.meta.url), 'utf8');
  expect(plain(file).toLowerCase()).toBe(plain(tokensCss()).toLowerCase());
});

test('icons are those of the icon package', () => {
  const check = readFileSync(require.resolve('lucide-static/icons/check.svg'), 'utf8');
  expect(check.replace(/\s+/g, ' ')).toContain(iconShapes.check);
});

test('components name tokens, never literal colours', () => {
  const root = new URL('../src/', import.meta.url).pathname;
  const offenders = globSync('**/*.{css,tsx}', { cwd: root })
    .filter((path) => !path.endsWith('tokens.css'))
    .filter((path) => /#[0-9a-f]{3,8}\b/i.test(readFileSync(`${root}${path}`, 'utf8')));
  expect(offenders).toEqual([]);
});
