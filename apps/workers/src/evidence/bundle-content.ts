import type { BundleEnpi, ComputedAudit, IssuedReport } from '@wattproof/database';
import { type ChainRecord, type EnpiEntry, savingsOf } from '@wattproof/evidence';

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
export function accountContent({ account, detail }: ComputedAudit): unknown {
  return {
    input: plain(account),
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

/**
 * An EnPI with all that its saving is computed from; null where the saving follows from more than its days and its model
 * (approved adjustments, variables that the days do not hold).
 */
export function enpiContent(enpi: BundleEnpi): EnpiEntry | null {
  const { model, savings } = enpi;
  const names = model.variables.flatMap((variable) => (variable.kind === 'given' ? [variable.name] : []));
  if (names.some((name) => name !== 'production_g')) return null;
  const entry: Omit<EnpiEntry, 'stated'> = {
    id: enpi.id,
    name: enpi.name,
    siteId: enpi.siteId,
    meterIds: [...model.definition.meterIds],
    measurand: model.definition.measurand,
    version: enpi.version,
    model: plain(model),
    confidence: enpi.confidence,
    reporting: { from: savings.from, to: savings.to },
    days: enpi.days.map(({ date, actual_wh, production_g, temperature_c }) => ({
      date,
      actual_wh,
      given: names.length > 0 ? { production_g } : {},
      temperature_c,
    })),
  };
  const stated = savingsOf(entry);
  const isSame =
    isNear(stated.actual_wh, savings.actual_wh) && isNear(stated.expected_wh, savings.expected_wh);
  return isSame ? { ...entry, stated } : null;
}

/** What stands in the bundle for whoever opens it without knowing what it is. */
export const readMe = `Evidence bundle

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
data/enpis.json      days and models that the savings are computed from
report/              the report as it was issued, and the data it says

This proves integrity. It is no qualified electronic signature.
`;
