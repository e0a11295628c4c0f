import type { Receipt } from '@wattproof/contracts/api';
import type { Page } from 'playwright-core';

/** A number with a unit as it stands on a page, and what proves it. */
export interface ShownFigure {
  readonly text: string;
  /** Reference of its receipt; null where it has none. */
  readonly receipt: string | null;
  /** Why it has none; null where nobody says. */
  readonly reason: string | null;
  /** What stands around it, for people who look for it. */
  readonly around: string;
}

/** Units of measurands in every scale, and the signs of currencies. Times are not among them: a clock needs no receipt. */
const units =
  '(?:[TGMk]?Wh|[GMk]?W|[Mk]?varh?|[Mk]?VAh?|kV|V|A|mA|Hz|°C|K·d|m³(?:/h)?|l(?:/h)?|kg|t|g|%|TJ|GJ|MJ|€|£|CHF|\\$)';
const number = '[+\\u2212-]?\\d[\\d\\u202f]*(?:[.,]\\d+)?';
/** A number and its unit, in whichever order the language writes money. */
export const figurePattern = `(?:${number}[\\u00a0\\u202f ]?${units}(?![\\p{L}\\d²³])|[€£]\\u00a0?${number})`;

/** Every number with a unit that is seen on the page, once for each place. */
export function shownFigures(page: Page): Promise<ShownFigure[]> {
  return page.evaluate((pattern) => {
    const figure = new RegExp(pattern, 'u');
    // The digits of a SHA-256 run on into the word behind them.
    const holdsFigure = (node: Node): boolean =>
      figure.test((node.textContent ?? '').replaceAll(/[0-9a-f]{64}/g, ' '));
    const found: ShownFigure[] = [];
    const isSeen = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.closest('.visually-hidden, script, style, option, dialog, [role="dialog"]');
    const note = (element: Element, text: string): void => {
      const proof = element.closest('[data-receipt], [data-receiptless]');
      const around = (element.closest('td, li, p, h1, h2, section, div') ?? element).textContent ?? '';
      found.push({
        text: text.trim(),
        receipt: proof?.getAttribute('data-receipt') ?? null,
        reason: proof?.getAttribute('data-receiptless') ?? null,
        around: around.replaceAll(/\s+/g, ' ').slice(0, 120),
      });
    };
    for (const element of document.body.querySelectorAll('*')) {
      if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !holdsFigure(element)) continue;
      if (!isSeen(element)) continue;
      const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
      const whole = own.filter(holdsFigure);
      for (const node of whole) note(element, node.textContent ?? '');
      // Value and unit may stand in neighbours: the innermost element that holds both.
      const isInnermost = ![...element.children].some(holdsFigure);
      if (whole.length === 0 && isInnermost) note(element, element.textContent ?? '');
    }
    return found;
  }, figurePattern);
}

const scales: Readonly<Record<string, readonly [base: string, factor: number]>> = {
  Wh: ['Wh', 1],
  kWh: ['Wh', 1e3],
  MWh: ['Wh', 1e6],
  GWh: ['Wh', 1e9],
  W: ['W', 1],
  kW: ['W', 1e3],
  MW: ['W', 1e6],
  var: ['var', 1],
  kvar: ['var', 1e3],
  varh: ['varh', 1],
  kvarh: ['varh', 1e3],
  Mvarh: ['varh', 1e6],
  VA: ['VA', 1],
  kVA: ['VA', 1e3],
  VAh: ['VAh', 1],
  kVAh: ['VAh', 1e3],
  MVAh: ['VAh', 1e6],
  l: ['l', 1],
  'm³': ['l', 1e3],
  'l/h': ['l/h', 1],
  'm³/h': ['l/h', 1e3],
  g: ['g', 1],
  kg: ['g', 1e3],
  t: ['g', 1e6],
  '%': ['1', 0.01],
  '1': ['1', 1],
  '€/MWh': ['EUR/MWh', 1],
  '€': ['EUR', 1],
  '£': ['GBP', 1],
};
const inBase = (unit: string): readonly [string, number] => scales[unit] ?? [unit, 1];

/** A text that is one number with one unit, perhaps with its half-width; null where it is more or less than that. */
export function readFigure(text: string): {
  readonly value: number;
  readonly decimals: number;
  readonly unit: string;
} | null {
  const [own = ''] = text.split('±');
  const plain = own.replaceAll(/[\u202f\u00a0\s]/g, '').replaceAll('\u2212', '-');
  const [, sign = '', before = '', digits = '', unit = ''] =
    /^([+-]?)([€£]?)(\d+(?:\.\d+)?)(\D*)$/u.exec(plain) ?? [];
  if (digits === '' || (before === '' && unit === '')) return null;
  return {
    value: Number(`${sign === '-' ? '-' : ''}${digits}`),
    decimals: digits.split('.')[1]?.length ?? 0,
    unit: before === '' ? unit : unit.startsWith('per') ? `${before}/${unit.slice(3)}` : before,
  };
}

/**
 * What is wrong with a shown figure beside its receipt computed again; null where they are equal to the last digit that is
 * shown. A page may say "less" in words or by its sign, so sizes are compared.
 */
export function differenceFrom({ value }: Receipt, text: string): string | null {
  const shown = readFigure(text);
  const exact = value.decimal === null ? value.number : Number(value.decimal);
  if (!shown || exact === null) return null;
  const [base, factor] = inBase(shown.unit);
  const [exactBase, exactFactor] = inBase(value.unit);
  if (base !== exactBase) return `is shown in ${shown.unit}, the receipt is in ${value.unit}`;
  const again = Math.abs((exact * exactFactor) / factor);
  const half = 0.5 * 10 ** -shown.decimals;
  return Math.abs(again - Math.abs(shown.value)) <= half * (1 + 1e-6)
    ? null
    : `the receipt says ${exact} ${value.unit}`;
}
