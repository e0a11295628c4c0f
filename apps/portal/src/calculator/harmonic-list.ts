import type { Harmonic } from '@wattproof/energy';
import { parseNumber } from '../form/parse-number.ts';

/** Harmonics as people write them, `3: 30, 5: 20`, or the first part that is none. */
export function parseHarmonics(
  text: string,
): { readonly harmonics: Harmonic[] } | { readonly wrong: string } {
  const harmonics: Harmonic[] = [];
  // A comma followed by a digit and no colon is a decimal comma: `3: 1,5; 5: 2`.
  for (const part of text.split(/;|\n|,(?=\s*\d+\s*:)/)) {
    if (part.trim() === '') continue;
    const [, order = '', value = ''] = /^\s*(\d+)\s*:\s*([\d.,]+)\s*$/.exec(part) ?? [];
    const harmonic = { order: Number(order), value: parseNumber(value) };
    if (
      order === '' ||
      harmonic.order < 2 ||
      harmonic.value === null ||
      harmonics.some((h) => h.order === harmonic.order)
    )
      return { wrong: part.trim() };
    harmonics.push({ order: harmonic.order, value: harmonic.value });
  }
  return { harmonics };
}
