import type { AnswerObject } from '@wattproof/evidence/figure-member';
import type { ReceiptlessReason } from '@wattproof/evidence/receipt';

/** A figure's surroundings, from which a formula says what it is made of. */
export interface FigurePlace {
  /** The objects around the figure, the nearest first; the last one is the answer. */
  readonly owners: readonly AnswerObject[];
  /** Of the route: `{siteId}`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** What a figure is made of. */
export type FigureSource =
  /** Other figures of the same object of the answer. */
  | { readonly kind: 'siblings'; readonly names: readonly string[] }
  /** Energies of meters over local days, [from, to), each by its own counter. */
  | {
      readonly kind: 'meters';
      readonly plus: readonly number[];
      readonly minus?: readonly number[];
      readonly from: string;
      readonly to: string;
    }
  /** A reading, for gauges and live values. */
  | { readonly kind: 'reading'; readonly meterId: number; readonly measurand: string; readonly at: string }
  /** Another receipt. */
  | { readonly kind: 'receipt'; readonly name: string; readonly id: string };

export interface FigureFormula {
  readonly name: string;
  /** A published formula keeps its number; another one gets the next. */
  readonly version: number;
  readonly expression: string;
  /** Where the member's name does not end in it; a function where it stands in the answer. */
  readonly unit?: string | ((place: FigurePlace) => string);
  readonly sources?: (place: FigurePlace) => readonly FigureSource[];
}

/**
 * By the place of a figure in the answer, without identities: what it is computed by, or why it is not computed. `*`: every
 * other place of the answer.
 */
export type FormulasOfAnswer = Readonly<Record<string, FigureFormula | ReceiptlessReason>>;
/** By the route as the OpenAPI document has it, without the leading slash: `sites/{siteId}/uses`. */
export type Formulas = Readonly<Record<string, FormulasOfAnswer>>;

/** Ends of names that tell the unit of a figure. */
const units: Readonly<Record<string, string>> = {
  wh: 'Wh',
  kwh: 'kWh',
  w: 'W',
  l: 'l',
  a: 'A',
  c: '°C',
  g: 'g',
  kg: 'kg',
  m2: 'm²',
  m: 'm',
  mm: 'mm',
  km: 'km',
  va: 'VA',
  s: 's',
  ms: 'ms',
  h: 'h',
  percent: '%',
  bytes: 'B',
};

/** Unit that the name of a member ends in: `energy_wh`, `power_w_max`; null where it says none. */
export function unitOfName(name: string): string | null {
  const ends = name
    .replace(/_per_day$/, '')
    .split('_')
    .slice(1);
  for (const end of ends.toReversed()) {
    const unit = units[end];
    if (unit) return unit;
  }
  if (name === 'share' || /Share$|HalfWidth$/.test(name)) return '1';
  return null;
}

export interface KnownRoute {
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  readonly formulas: FormulasOfAnswer;
}

/** The route that a path belongs to, with its parameters; null where no figure of it has a formula. */
export function routeOf(path: string, formulas: Formulas): KnownRoute | null {
  const parts = path.split('/');
  for (const [route, known] of Object.entries(formulas)) {
    const names = route.split('/');
    const params: Record<string, string> = {};
    const isSame =
      names.length === parts.length &&
      names.every((name, i) => {
        const part = parts[i] ?? '';
        const parameter = /^\{(\w+)\}$/.exec(name)?.[1];
        if (parameter === undefined) return name === part;
        params[parameter] = part;
        return /^[\w.:-]+$/.test(part) && !/^\.+$/.test(part);
      });
    if (isSame) return { route, params, formulas: known };
  }
  return null;
}

/** Meters below meters below meters are one place. */
export const plainPattern = (pattern: string): string => pattern.replace(/(\.children\[\])+/, '');
