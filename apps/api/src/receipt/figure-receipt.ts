import { qualityShares, type Receipt } from '@wattproof/contracts/api';
import { listMeters, type Scope } from '@wattproof/database/queries';
import { type AnswerObject, type FoundMember, findMember } from '@wattproof/evidence/figure-member';
import { figureId, type ReceiptlessReason, receiptId } from '@wattproof/evidence/receipt';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import {
  type FigureFormula,
  type FigurePlace,
  type FigureSource,
  type FormulasOfAnswer,
  plainPattern,
  routeOf,
  unitOfName,
} from './figure-formula.ts';
import { formulas } from './formula/index.ts';
import type { AskOwn } from './own-answer.ts';
import {
  decimalValue,
  numberValue,
  type ReceiptContent,
  type ReceiptPart,
  type ReceiptValue,
} from './receipt-form.ts';

interface Wish {
  readonly answer: string;
  readonly member: string;
}

/** A figure of an answer of the API: asked for again, with the formula it is computed by and what that is made of. */
export interface AskedFigure {
  readonly wish: Wish;
  readonly found: FoundMember;
  readonly formula: FigureFormula;
  readonly place: FigurePlace;
}

/** Asks the answer behind a figure again and finds the figure in it. */
export async function askFigure(wish: Wish, ask: AskOwn): Promise<AskedFigure> {
  const [path = '', search = ''] = wish.answer.split('?');
  const route = routeOf(path, formulas);
  if (!route) throw new AppError('invalid', 'No figure of this answer has a receipt', { answer: path });
  const found = findMember(await ask(wish.answer), wish.member);
  if (!found) throw new AppError('notFound', 'This answer has no such figure any more', { ...wish });
  const formula = formulaOf(found, route.formulas);
  if (typeof formula === 'string')
    throw new AppError('invalid', `This number is not computed: ${formula}`, { member: wish.member });
  const query = Object.fromEntries(new URLSearchParams(search));
  // What stands in a chart or a series is named by itself first.
  const self = isObject(found.value) ? [found.value] : [];
  return { wish, found, formula, place: { owners: [...self, ...found.owners], params: route.params, query } };
}

const isObject = (value: unknown): value is AnswerObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of every figure's time by quality: what was measured or read by a person. */
const qualityFormula: FigureFormula = {
  name: 'measuredTime',
  version: 1,
  expression: '(time measured + time read by a person) ÷ time of the period',
  unit: '1',
};

/** The formula of a figure; of a list or an object (a chart, a series) that of the figures in it. */
function formulaOf(
  { value, pattern }: FoundMember,
  known: FormulasOfAnswer,
): FigureFormula | ReceiptlessReason {
  if (qualityShares.safeParse(value).success) return qualityFormula;
  const place = plainPattern(pattern);
  const own = known[place] ?? known['*'];
  if (own) return own;
  const [within] = Object.entries(known).filter(
    ([name, formula]) =>
      typeof formula !== 'string' && (name.startsWith(`${place}[]`) || name.startsWith(`${place}.`)),
  );
  return within?.[1] ?? 'count';
}

/** The receipt of an asked figure; parts that the caller may not see are left out. */
export async function figureReceipt(
  client: PoolClient,
  scope: Scope,
  { wish, found, formula, place }: AskedFigure,
): Promise<ReceiptContent> {
  const name = lastName(wish.member);
  const value = figureValue(found.value, unitOf(formula, place, name), halfWidthOf(found.owners[0], name));
  const sources = formula.sources?.(place) ?? [];
  const quality = nearestQuality(found.owners);
  return {
    subject: subjectOf(place),
    value,
    formula: { name: formula.name, version: formula.version, expression: formula.expression },
    period: periodOf(place),
    quality,
    settings: [
      { name: 'answer', value: `/${wish.answer}` },
      { name: 'member', value: wish.member },
      ...(Array.isArray(found.value) ? [{ name: 'values', value: String(found.value.length) }] : []),
    ],
    parts: (
      await Promise.all(sources.map((source) => partsOf(client, scope, { source, wish, place })))
    ).flat(),
  };
}

const lastName = (member: string): string => /([A-Za-z_$][\w$]*)(\[[^[\]]*\])*$/.exec(member)?.[1] ?? '';

const unitOf = ({ unit }: FigureFormula, place: FigurePlace, name: string): string =>
  typeof unit === 'function' ? unit(place) : (unit ?? unitOfName(name) ?? '1');

function figureValue(value: unknown, unit: string, halfWidth: number | null): ReceiptValue {
  if (typeof value === 'string') return decimalValue(value, unit);
  const quality = qualityShares.safeParse(value);
  if (quality.success) return numberValue(quality.data.measured + quality.data.manual, unit);
  return numberValue(typeof value === 'number' ? value : null, unit, halfWidth);
}

/** Half-width that stands beside a value. */
function halfWidthOf(owner: AnswerObject | undefined, name: string): number | null {
  const halfWidth = name === 'value' ? owner?.halfWidth : null;
  return typeof halfWidth === 'number' ? halfWidth : null;
}

function nearestQuality(owners: readonly AnswerObject[]): Receipt['quality'] {
  for (const { quality, shares } of owners) {
    const parsed = qualityShares.safeParse(quality ?? shares);
    if (parsed.success) return parsed.data;
  }
  return null;
}

/** What the figure is of: the nearest name around it. */
function subjectOf({ owners }: FigurePlace): string {
  const names = owners.flatMap((owner) => {
    const { name, event, number, use, month } = owner;
    const site = (owner.site as { readonly name?: string } | undefined)?.name;
    const first = [name, event, number, site, use, month].find(
      (one) => typeof one === 'string' && one !== '',
    );
    return typeof first === 'string' ? [first] : [];
  });
  return [...new Set(names)].join(' · ');
}

function periodOf({ owners, query }: FigurePlace): Receipt['period'] {
  const dated = [...owners, query].flatMap(
    ({ from, to, periodFrom, periodTo }): { readonly from: string; readonly to: string }[] => {
      const [begin, end] = [from ?? periodFrom, to ?? periodTo];
      return typeof begin === 'string' && typeof end === 'string' && begin.length === 10 && end.length === 10
        ? [{ from: begin, to: end }]
        : [];
    },
  );
  const zone = owners
    .flatMap(({ timeZone, site }) => [
      timeZone,
      (site as { readonly timeZone?: string } | undefined)?.timeZone,
    ])
    .find((one) => typeof one === 'string');
  const [period] = dated;
  return period ? { ...period, timeZone: typeof zone === 'string' ? zone : 'UTC' } : null;
}

const noValue = (unit: string): ReceiptValue => numberValue(null, unit);

async function partsOf(
  client: PoolClient,
  scope: Scope,
  {
    source,
    wish,
    place,
  }: { readonly source: FigureSource; readonly wish: Wish; readonly place: FigurePlace },
): Promise<ReceiptPart[]> {
  if (source.kind === 'siblings') return siblingParts(source.names, { wish, place });
  if (source.kind === 'receipt')
    return [{ name: source.name, sign: 1, value: noValue(''), receipt: source.id, source: '' }];
  if (source.kind === 'reading') {
    const { meterId, measurand, at } = source;
    const receipt = receiptId('reading', { meterId: String(meterId), measurand, at });
    return [{ name: at, sign: 1, value: noValue(''), receipt, source: '' }];
  }
  const { plus, minus = [], from, to } = source;
  const meters = await listMeters(client, scope, { meterIds: [...plus, ...minus] });
  return meters.flatMap((meter): ReceiptPart[] =>
    meter.measurand === null
      ? []
      : [
          {
            name: meter.name,
            sign: minus.includes(meter.id) ? -1 : 1,
            value: noValue(''),
            receipt: receiptId('meterEnergy', {
              meterId: String(meter.id),
              measurand: meter.measurand,
              from,
              to,
            }),
            source: '',
          },
        ],
  );
}

/** Other figures of the same object, each with its own receipt. */
function siblingParts(
  names: readonly string[],
  { wish, place }: { readonly wish: Wish; readonly place: FigurePlace },
): ReceiptPart[] {
  const prefix = wish.member.includes('.') ? wish.member.slice(0, wish.member.lastIndexOf('.') + 1) : '';
  const [owner] = place.owners;
  return names.flatMap((name): ReceiptPart[] => {
    const value = owner?.[name];
    if (typeof value !== 'number' && typeof value !== 'string') return [];
    return [
      {
        name,
        sign: 1,
        value: figureValue(value, unitOfName(name) ?? '', null),
        receipt: figureId(wish.answer, `${prefix}${name}`),
        source: '',
      },
    ];
  });
}
