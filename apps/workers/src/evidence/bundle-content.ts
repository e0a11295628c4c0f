import type {
  AdjustmentRecord,
  BundleEnpi,
  ComputedAudit,
  DailyData,
  IssuedReport,
} from '@wattproof/database';
import {
  type AccountFile,
  type ChainRecord,
  type EnpiEntry,
  isAdjustmentRecorded,
  isDailyModel,
  type SpreadsheetWords,
  savingsOf,
} from '@wattproof/evidence';

/** Acts whose content an auditor may see; of all others the chain shows that they happened, and their hash. */
const shownActs =
  /^(audit|bill|billImport|enb|enpi|adjustment|deadLetter|readingConflict|reading|meterEvent|period|evidence|virtualMeter|site|account|deliveryPoint)\./;

/** The chain as a bundle of some sites carries it: what speaks of others is withheld, what it hashes to stays. */
export function shownChain(records: readonly ChainRecord[], siteIds: ReadonlySet<string>): ChainRecord[] {
  return records.map((record) => {
    const { body, ...rest } = record;
    const { siteId, action } = body ?? {};
    const isForeign = typeof siteId === 'string' && !siteIds.has(siteId);
    const isHidden = record.kind === 'act' && !shownActs.test(String(action));
    return isForeign || isHidden ? rest : record;
  });
}

/** As JSON keeps it: no dates, nothing undefined. */
const plain = (value: unknown): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

/** Input of the coverage and what the report states of it. */
export function accountContent(
  { account, coverageVersion, detail }: ComputedAudit,
  words: SpreadsheetWords,
): AccountFile {
  return {
    input: plain(account),
    coverageVersion,
    words,
    stated: detail && {
      inScope: detail.onRule.inScope,
      total: detail.onRule.total,
      share_percent: detail.onRule.share_percent,
      unit: detail.onRule.unit,
    },
  };
}

/** Whether a report says of the coverage what its account gives now. */
export function isOfAccount({ snapshot }: IssuedReport, { coverage }: ComputedAudit): boolean {
  const stated = snapshot.coverage as { readonly audited?: unknown; readonly total?: unknown } | undefined;
  return stated?.audited === coverage.audited && stated?.total === coverage.total;
}

const isNear = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** Why an EnPI's saving does not stand in a bundle. */
export type LeftOut = 'dataChangedSince' | 'adjustmentNotRecorded' | 'hourlyModel';
export interface LeftOutEnpi {
  readonly name: string;
  readonly reason: LeftOut;
}

const leftOutWords: Readonly<Record<LeftOut, string>> = {
  dataChangedSince: 'its days have changed since its saving was stated',
  hourlyModel: 'its baseline is a model of hours, and a bundle carries days',
  adjustmentNotRecorded: 'the chain does not hold the dossier of an adjustment, or its approval',
};

/**
 * An EnPI with all that its saving is computed from: model, days with their variables, approved adjustments. Left out with
 * the reason where its days have changed since the saving was stated, or the chain does not hold an adjustment.
 */
export function enpiContent(
  enpi: BundleEnpi,
  {
    data,
    adjustments,
    records,
  }: {
    readonly data: DailyData;
    readonly adjustments: readonly AdjustmentRecord[];
    readonly records: readonly ChainRecord[];
  },
): EnpiEntry | LeftOut {
  const { model, savings } = enpi;
  if (!isDailyModel(model.variables)) return 'hourlyModel';
  const names = model.variables.flatMap((variable) => (variable.kind === 'given' ? [variable.name] : []));
  const position = new Map(data.dates.map((date, i) => [date, i]));
  const valueOn = (column: Float64Array | null | undefined, date: string): number | null => {
    const value = column?.[position.get(date) ?? -1];
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const entry: Omit<EnpiEntry, 'stated'> = {
    id: enpi.id,
    name: enpi.name,
    siteId: enpi.siteId,
    meterIds: [...model.definition.meterIds],
    measurand: model.definition.measurand,
    version: enpi.version,
    model: plain(model),
    confidence: enpi.confidence,
    adjustments: adjustments.map((adjustment) => ({ ...adjustment })),
    reporting: { from: savings.from, to: savings.to },
    days: enpi.days.map(({ date, actual_wh, temperature_c }) => ({
      date,
      actual_wh,
      given: Object.fromEntries(names.map((name) => [name, valueOn(data.variables.get(name), date)])),
      temperature_c,
    })),
  };
  if (!adjustments.every((adjustment) => isAdjustmentRecorded(adjustment, enpi.id, records)))
    return 'adjustmentNotRecorded';
  const stated = savingsOf(entry);
  const isSame =
    isNear(stated.actual_wh, savings.actual_wh) && isNear(stated.expected_wh, savings.expected_wh);
  return isSame ? { ...entry, stated } : 'dataChangedSince';
}

/** What stands in the bundle for whoever opens it without knowing what it is. */
export const readMe = (leftOut: readonly LeftOutEnpi[]): string => `Evidence bundle

Verify it offline with the verifier that was handed out beside it (Node 22 or newer):

  node verify.mjs BUNDLE --fingerprint TEXT --anchor TEXT

Fingerprint and anchor must come from outside this file: from the letter or the e-mail that announced it, or by telephone.
Without them the verifier proves only that the bundle agrees with itself.

manifest.json        every file with its SHA-256
signature.json       Ed25519 signature over the manifest
chain.jsonl          records of what was sealed, corrected, approved, closed and issued
keys.json            keys of the organisation, their endorsement, retirement and revocation
data/meter-days/     one line per meter and local day; each line is a leaf of the tree
data/samples/        readings and intervals of the days that the tree draws
data/account.json    bills, rows and scope that the coverage is computed from
data/enpis.json      days, models and adjustments that the savings are computed from
data/figures.xlsx    coverage and savings by live formulas over the same data
report/              the report as it was issued, and the data it says; of a re-issue also what it replaces, and why
                     which figures differ

${leftOut.map(({ name, reason }) => `Not among the EnPIs: ${name}: ${leftOutWords[reason]}.\n`).join('')}
This proves integrity. It is no qualified electronic signature.
`;
