import type { Product } from './product.ts';

/** A current transformer of the guide. Secondary current 5 A; never for direct current. */
export interface CurrentTransformer extends Product {
  readonly kind: 'currentTransformer';
  readonly construction: 'closed' | 'open' | 'threePhase';
  readonly primary_a: number;
  readonly secondary_a: 5;
  /** Largest cable that goes through; null where it takes bars only. */
  readonly cable_mm: number | null;
  /** Openings for bars, width × height. */
  readonly bars_mm: readonly (readonly [width: number, height: number])[];
  /** Class that the selection table prints. */
  readonly class_printed: 0.5 | 1;
  /** Class in whose column the table of cable lengths prints the burden. */
  readonly class_burden: 0.5 | 1;
  /** Largest burden within `class_burden`. */
  readonly burden_va: number;
}

type Opening = Pick<CurrentTransformer, 'construction' | 'cable_mm' | 'bars_mm' | 'class_printed'>;
type Burden = readonly [number: string, primary_a: number, burden_va: number, class_burden?: 1];

const closed = (
  cable_mm: number | null,
  bars_mm: Opening['bars_mm'],
  class_printed: 0.5 | 1 = 0.5,
): Opening => ({
  construction: 'closed',
  cable_mm,
  bars_mm,
  class_printed,
});
const open = (width: number, height: number): Opening => ({
  construction: 'open',
  cable_mm: null,
  bars_mm: [[width, height]],
  class_printed: 0.5,
});
const threePhase = (width: number, height: number): Opening => ({
  ...open(width, height),
  construction: 'threePhase',
});

/** Openings of p. 43–44 with the transformers of p. 47 that have them. */
const table: readonly (readonly [Opening, readonly Burden[]])[] = [
  [
    closed(21, [[16, 12.5]], 1),
    [
      ['01', 50, 1.25, 1],
      ['02', 75, 1.5, 1],
      ['03', 100, 2],
      ['04', 125, 2.5],
      ['05', 160, 3],
      ['06', 200, 4],
      ['07', 250, 5],
    ],
  ],
  [
    closed(27, [
      [32.5, 10.5],
      [25.5, 15.5],
    ]),
    [['12', 400, 10]],
  ],
  [
    closed(26, [
      [40.5, 12.5],
      [32.5, 15.5],
    ]),
    [
      ['14', 600, 12],
      ['16', 250, 3],
      ['17', 400, 6],
      ['19', 700, 8],
    ],
  ],
  [
    closed(32, [
      [40.5, 10.5],
      [32.5, 20.5],
    ]),
    [
      ['23', 250, 3],
      ['24', 300, 5],
      ['25', 400, 8],
      ['26', 600, 12],
    ],
  ],
  [
    closed(40, [
      [50.5, 12.5],
      [40.5, 20.5],
    ]),
    [
      ['31', 700, 8],
      ['32', 800, 8],
      ['33', 1000, 10],
    ],
  ],
  [
    closed(null, [[65, 32]]),
    [
      ['36', 600, 8],
      ['38', 800, 12],
      ['39', 1000, 15],
    ],
  ],
  [closed(null, [[84, 34]]), [['42', 1250, 12]]],
  [
    closed(null, [[127, 38]]),
    [
      ['46', 1600, 10],
      ['47', 2000, 15],
      ['49', 3200, 25],
    ],
  ],
  [
    closed(null, [[127, 54]]),
    [
      ['50', 1600, 20],
      ['51', 2000, 25],
      ['52', 2500, 30],
      ['53', 3200, 30],
      ['54', 4000, 30],
    ],
  ],
  [threePhase(20.5, 5.5), [['57', 250, 3, 1]]],
  [threePhase(30.5, 5.5), [['58', 400, 4, 1]]],
  [
    open(50, 80),
    [
      ['62', 400, 1.5],
      ['63', 800, 3],
    ],
  ],
  [
    open(80, 120),
    [
      ['64', 1000, 5],
      ['65', 1500, 8],
    ],
  ],
  [
    open(80, 160),
    [
      ['66', 2000, 15],
      ['67', 2500, 15],
      ['68', 3000, 20],
      ['69', 4000, 20],
    ],
  ],
];

const words = {
  closed: 'Closed transformer',
  open: 'Open transformer',
  threePhase: 'Three-phase transformer',
};

/** The 41 current transformers of the guide. */
export const currentTransformers: readonly CurrentTransformer[] = table.flatMap(([opening, rows]) =>
  rows.map(
    ([number, primary_a, burden_va, coarse]): CurrentTransformer => ({
      catalogueNumber: `4 121 ${number}`,
      kind: 'currentTransformer',
      title: `${words[opening.construction]} ${opening.construction === 'threePhase' ? '3 × ' : ''}${primary_a}/5 A`,
      source: 'guide p. 43–44 (openings, class) and p. 47 (burden)',
      quantities: [],
      outputs: [],
      profileIds: [],
      primary_a,
      secondary_a: 5,
      burden_va,
      class_burden: coarse ?? 0.5,
      ...opening,
      ...((coarse ?? 0.5) === opening.class_printed
        ? {}
        : {
            cautions: [
              `The selection table says class ${opening.class_printed}, the burden stands in the column of class ${coarse ?? 0.5}.`,
            ],
          }),
    }),
  ),
);

/** What a circuit asks of its transformer. */
export interface TransformerWish {
  /** Largest current expected, in ampere. */
  readonly current_a: number;
  /** Usual current: where the accuracy matters. */
  readonly usual_a?: number;
  readonly cable_mm?: number;
  readonly bar_mm?: readonly [width: number, height: number];
  readonly class?: 0.5 | 1;
  /** Burden of instrument and leads. */
  readonly burden_va?: number;
  readonly construction?: CurrentTransformer['construction'];
}
export type TransformerReason =
  | 'tooSmall'
  | 'cableTooThick'
  | 'barTooLarge'
  | 'classTooCoarse'
  | 'burdenTooLarge'
  | 'construction';
export interface TransformerChoice {
  readonly transformer: CurrentTransformer;
  /** Why it does not fit; empty where it does. */
  readonly reasons: readonly TransformerReason[];
  /** Usual current in percent of the rated one, 1 decimal; null where no usual current was given. */
  readonly usualLoad_percent: number | null;
}

/** The class that holds at its burden: the coarser of the two where the guide's tables disagree. */
export const classOf = (ct: CurrentTransformer): 0.5 | 1 =>
  ct.class_burden === 1 || ct.class_printed === 1 ? 1 : 0.5;

const barFits = (ct: CurrentTransformer, [width, height]: readonly [number, number]): boolean =>
  ct.bars_mm.some(([w, h]) => (width <= w && height <= h) || (width <= h && height <= w));

/**
 * Every transformer with what speaks against it, fitting ones first, then by rated current: the guide asks for the
 * closest rating at or above the largest current (p. 43). A bar may be turned by 90°. For a class of 0.5 both of the
 * guide's tables must say so, since they disagree about seven models.
 */
export function chooseTransformer(wish: TransformerWish): TransformerChoice[] {
  const reasonsAgainst = (ct: CurrentTransformer): TransformerReason[] => [
    ...(ct.primary_a < wish.current_a ? (['tooSmall'] as const) : []),
    ...(wish.cable_mm !== undefined && (ct.cable_mm === null || ct.cable_mm < wish.cable_mm)
      ? (['cableTooThick'] as const)
      : []),
    ...(wish.bar_mm && !barFits(ct, wish.bar_mm) ? (['barTooLarge'] as const) : []),
    ...(wish.class !== undefined && classOf(ct) > wish.class ? (['classTooCoarse'] as const) : []),
    ...(wish.burden_va !== undefined && ct.burden_va < wish.burden_va ? (['burdenTooLarge'] as const) : []),
    ...(wish.construction && ct.construction !== wish.construction ? (['construction'] as const) : []),
  ];
  return currentTransformers
    .map((transformer) => ({
      transformer,
      reasons: reasonsAgainst(transformer),
      usualLoad_percent:
        wish.usual_a === undefined ? null : Math.round((1000 * wish.usual_a) / transformer.primary_a) / 10,
    }))
    .sort(
      (a, b) =>
        Math.min(a.reasons.length, 1) - Math.min(b.reasons.length, 1) ||
        a.transformer.primary_a - b.transformer.primary_a ||
        a.transformer.catalogueNumber.localeCompare(b.transformer.catalogueNumber),
    );
}

/**
 * What is entered as `Ct`: meters take the ratio (100/5 → 20), control units the primary current (100/5 → 100)
 * (guide p. 31 and p. 39). Entered the other way round, every value is wrong by the secondary current, 5.
 */
export const ctSetting = (
  ct: { readonly primary_a: number; readonly secondary_a: number },
  instrument: 'meter' | 'controlUnit',
): number => (instrument === 'controlUnit' ? ct.primary_a : ct.primary_a / ct.secondary_a);
