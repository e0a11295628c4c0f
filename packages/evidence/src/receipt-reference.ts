/**
 * A receipt's reference: what a figure is of, in one short text that is the same wherever the figure stands. The API opens
 * it by computing the figure again; nothing is stored for it.
 *
 *   kind~version~subject~…   for example  meterEnergy~1~12~active_energy_import_wh~2026-10-01~2026-11-01
 *
 * Dates are local to the site, [from, to). The version is that of the formula: a published one is never edited.
 */
export const receiptForms = {
  /** Site, carrier, from, to. */
  siteEnergy: ['siteId', 'carrier', 'from', 'to'],
  /** Site, carrier or `all`, from, to. */
  siteCost: ['siteId', 'carrier', 'from', 'to'],
  meterEnergy: ['meterId', 'measurand', 'from', 'to'],
  meterDay: ['meterId', 'measurand', 'date'],
  /** EnPI and what of it: `share`, `energy`, `cost`. */
  enpiSaving: ['enpiId', 'of'],
  /** Audit and basis: `rule` or `bill`. */
  auditCoverage: ['auditId', 'basis'],
  bill: ['billId'],
  /** What a meter reported of a measurand at an instant. */
  reading: ['meterId', 'measurand', 'at'],
  /** Any other figure: the answer of the API that says it (path and query), and its place therein (`figure-member.ts`). */
  figure: ['answer', 'member'],
} as const;

/**
 * Why a number with a unit has no receipt: a person stated it; it is a limit of a law, a standard or a data sheet; it tells of
 * the running system itself (sizes, ages, progress); it is a trial that is not kept (a calculator, a candidate, a reference case);
 * it is a tick of a scale; it counts things.
 */
export const receiptlessReasons = ['stated', 'limit', 'operation', 'trial', 'tick', 'count'] as const;
export type ReceiptlessReason = (typeof receiptlessReasons)[number];

export type ReceiptKind = keyof typeof receiptForms;
type Fields<Kind extends ReceiptKind> = Readonly<Record<(typeof receiptForms)[Kind][number], string>>;
export type ReceiptReference = {
  [Kind in ReceiptKind]: { readonly kind: Kind; readonly version: number } & Fields<Kind>;
}[ReceiptKind];

/** Version of each kind's formula that new references name. */
const versionNow = 1;
const separator = '~';

/** The reference of a figure as it is shown now. */
export const receiptId = <Kind extends ReceiptKind>(kind: Kind, fields: Fields<Kind>): string =>
  [kind, versionNow, ...receiptForms[kind].map((name) => fields[name as keyof Fields<Kind>])].join(separator);

/** The reference of a figure by the answer that says it: `/sites/…/uses?from=…&to=…` and the place in it. */
export const figureId = (answer: string, member: string): string =>
  receiptId('figure', { answer: answer.replace(/^\//, '').replaceAll(separator, '%7E'), member });

/** A reference read back; null where it is none. */
export function parseReceiptId(text: string): ReceiptReference | null {
  const [kind, version, ...values] = text.split(separator);
  if (kind === undefined || !Object.hasOwn(receiptForms, kind) || version !== String(versionNow)) return null;
  const names = receiptForms[kind as ReceiptKind];
  if (values.length !== names.length || values.some((value) => value === '')) return null;
  const fields = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  return { kind, version: versionNow, ...fields } as unknown as ReceiptReference;
}
