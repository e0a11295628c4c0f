/** A small bundle with everything in it: two meters over forty days, one restatement, an account and an EnPI. */
import {
  addDays,
  adjustedSavings,
  auditCoverage,
  auditRules,
  type CoverageInput,
  type EnbModel,
} from '@wattproof/energy';
import type { ArchiveEntry } from './archive.ts';
import { packBundle } from './bundle.ts';
import {
  type AccountFile,
  daysName,
  type EnpiEntry,
  fileNames,
  type KeyEntry,
  type Manifest,
  type SumEntry,
} from './bundle-form.ts';
import { canonicalBytes } from './canonical-json.ts';
import { anchorText, type ChainEntry, type ChainRecord, chainLine, nextRecord } from './chain.ts';
import { LeafHashes, merkleRoot } from './merkle.ts';
import { type MeterDay, meterDayHeader, meterDayLeaf, meterDayText } from './meter-day.ts';
import { drawSample } from './sampling.ts';
import {
  recomputeDay,
  type SealedContent,
  sampleName,
  sealedContentHash,
  sealedContentText,
} from './sealed-content.ts';
import { sha256Hex, toHex } from './sha256.ts';
import { createSigningKey, fingerprintOf, type SigningKey, sign } from './signature.ts';
import { spreadsheetBytes } from './spreadsheet.ts';

const siteId = '00000000-0000-4000-8000-000000000001';
const day_ms = 86_400_000;
const first_ms = Date.UTC(2026, 0, 1);
const dayCount = 40;
const meters = [1, 2] as const;
const measurand = 'active_energy_import_wh';

const dateOf = (day: number): string => addDays('2026-01-01', day);

/** Readings every half hour around the day; a meter counts so many Wh an hour, more with every day. */
function contentOf(meterId: number, day: number, extra_wh = 0): SealedContent {
  const from_ms = first_ms + day * day_ms;
  const rate = 1000 * meterId + 10 * day;
  const readings = Array.from({ length: 48 + 12 }, (_, i): [number, number] => {
    const half = i - 6;
    return [
      from_ms + half * 1_800_000 + 60_000,
      10_000_000 * meterId + day * 50_000 + Math.round((rate * (half + 6)) / 2) + (half > 20 ? extra_wh : 0),
    ];
  });
  const bare: SealedContent = {
    form: 'wattproof/meter-day/1',
    meterId,
    measurand,
    date: dateOf(day),
    timeZone: 'UTC',
    base_s: 3600,
    origin: 'readings',
    rules: { modulus: null, maxRate_per_s: null, gapLimit_ms: 7_200_000, manual: false, resolution: 1 },
    events: [],
    readings,
    intervals: Array.from({ length: 24 }, (_, i): [number, number, null] => [
      from_ms + i * 3_600_000,
      4,
      null,
    ]),
  };
  const { deltas, qualities } = recomputeDay(bare);
  return {
    ...bare,
    intervals: bare.intervals.map(([start_ms], i) => [start_ms, qualities[i] as number, deltas[i] ?? null]),
  };
}

function dayOf(content: SealedContent, version: number): MeterDay {
  const { indexStart, indexEnd } = recomputeDay(content);
  const n = (code: number): number => content.intervals.filter(([, quality]) => quality === code).length;
  return {
    version,
    meterId: content.meterId,
    measurand,
    date: content.date,
    start: new Date(content.intervals[0]?.[0] ?? 0).toISOString(),
    duration_s: 86_400,
    indexStart,
    indexEnd,
    delta: content.intervals.reduce((sum, [, , delta]) => sum + (delta ?? 0), 0),
    mean: null,
    n_measured: n(0),
    n_interpolated: n(1),
    n_estimated: n(2),
    n_manual: n(3),
    n_missing: n(4),
    contentHash: sealedContentHash(content),
  };
}

const at = '2026-03-01T00:00:00.000Z';

/** One-variable daily model whose noise is known, so that a saving has a width. */
const model: EnbModel = {
  form: 'linearDaily',
  formVersion: 1,
  baseline: { from: '2025-01-01', to: '2025-12-31' },
  variables: [{ kind: 'given', name: 'production_g' }],
  coefficients: [
    { name: 'intercept', value: 20_000, standardError: 100, p: 0 },
    { name: 'production_g', value: 0.5, standardError: 0.01, p: 0 },
  ],
  unscaledCovariance: [
    [0.01, -0.000_001],
    [-0.000_001, 0.000_000_01],
  ],
  ranges: [{ name: 'production_g', min: 0, max: 20_000, mean: 10_000, standardDeviation: 1000 }],
  n: 365,
  dfResidual: 363,
  sse: 363_000_000,
  sigma_wh: 1000,
  yMean_wh: 30_000,
  r2: 0.9,
  adjustedR2: 0.9,
  cvRmse: 0.03,
  f: null,
  fP: null,
  autocorrelation: 0.2,
  sep: { valid: true, findings: [] },
};

const account = (rule = auditRules[0]): CoverageInput => {
  if (!rule) throw new Error('There is no audit rule');
  const point = (id: string) => ({
    id,
    carrier: 'electricity' as const,
    siteId,
    validFrom: '2020-01-01',
    validTo: null,
  });
  const bill = (deliveryPointId: string, month: number, energy_kwh: string) => ({
    id: `${deliveryPointId}-${month}`,
    number: `${deliveryPointId}-${month}`,
    kind: 'bill' as const,
    corrects: null,
    deliveryPointId,
    from: `2026-0${month}-01`,
    to: `2026-0${month + 1}-01`,
    energy_kwh,
    calorificBasis: 'none' as const,
    amount: '100.00',
    currency: 'EUR',
    estimated: false,
  });
  return {
    rule,
    period: { from: '2026-01-01', to: '2026-03-01' },
    points: [point('a'), point('b')],
    bills: [bill('a', 1, '800'), bill('a', 2, '799.9'), bill('b', 1, '200'), bill('b', 2, '200')],
    scope: [{ deliveryPointId: 'a', included: true, reason: '' }],
  } as unknown as CoverageInput;
};

export interface FixtureOptions {
  readonly key?: SigningKey;
  /** Readings of day 5 of meter 1 as a forger would have them. */
  readonly forged_wh?: number;
  /** Records after which the chain ends. */
  readonly cutAfter?: number;
  readonly revoked?: boolean;
  readonly isAdjustmentApproved?: boolean;
  /** What the saving has added a day, where it is not what was approved. */
  readonly adjusted_wh_per_day?: number;
}

export interface Fixture {
  readonly bytes: Uint8Array;
  readonly fingerprint: string;
  readonly anchor: string;
  readonly files: readonly ArchiveEntry[];
}

/** The same options give the same bytes, but for the key where none is given. */
export async function bundleFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const key = options.key ?? (await createSigningKey());
  const elder = await createSigningKey();
  const records: ChainRecord[] = [];
  const append = (entry: ChainEntry): ChainRecord => {
    const record = nextRecord(records[records.length - 1] ?? null, entry);
    records.push(record);
    return record;
  };
  const lines: string[] = [];
  const tree = new LeafHashes();
  const contents = new Map<string, SealedContent>();
  const byPosition: MeterDay[] = [];
  const seal = (days: readonly MeterDay[], record: ChainRecord): void => {
    for (const day of days) {
      lines.push(`${record.seq},${meterDayText(day)}`);
      tree.add(meterDayLeaf(meterDayText(day)));
      byPosition.push(day);
    }
  };
  for (let d = 0; d < dayCount; d++) {
    const days = meters.map((meterId) => {
      const content = contentOf(meterId, d, d === 5 && meterId === 1 ? (options.forged_wh ?? 0) : 0);
      const day = dayOf(content, 1);
      contents.set(sampleName(day), content);
      return day;
    });
    const own = new LeafHashes();
    for (const day of days) own.add(meterDayLeaf(meterDayText(day)));
    const body = { siteId, date: dateOf(d), leaves: days.length, root: toHex(merkleRoot(own)) };
    seal(days, append({ at, kind: 'daySealed', body }));
  }
  append({ at, kind: 'act', body: { actor: 'Claire', action: 'readingConflict.replace', object: '1' } });
  for (const body of adjustmentActs.slice(0, options.isAdjustmentApproved === false ? 1 : 2))
    append({ at, kind: 'act', body });
  const before = dayOf(contentOf(2, 7), 1);
  const corrected = contentOf(2, 7, 500);
  const after = dayOf(corrected, 2);
  contents.set(sampleName(after), corrected);
  const restatement = append({
    at,
    kind: 'restated',
    body: {
      siteId,
      meterId: 2,
      measurand,
      date: before.date,
      version: 2,
      reason: 'decision',
      before: { leaf: toHex(meterDayLeaf(meterDayText(before))), delta: before.delta },
      after: { leaf: toHex(meterDayLeaf(meterDayText(after))), delta: after.delta },
    },
  });
  seal([after], restatement);
  append({ at, kind: 'periodClosed', body: { siteId, month: '2026-01', by: 'Claire' } });
  if (options.cutAfter !== undefined) records.length = options.cutAfter;

  const inForce = new Map<string, MeterDay>();
  for (const day of byPosition) inForce.set(`${day.meterId} ${day.date}`, day);
  const daysOf = (meterId: number): readonly MeterDay[] =>
    [...inForce.values()].filter((day) => day.meterId === meterId);
  const sums = meters.map(
    (meterId): SumEntry => ({
      meterId,
      measurand,
      from: '2026-01-01',
      to: '2026-02-10',
      delta: daysOf(meterId).reduce((sum, day) => sum + (day.delta ?? 0), 0),
      days: daysOf(meterId).length,
    }),
  );
  const input = account();
  const coverage = auditCoverage(input);
  const accountContent = {
    input,
    stated: coverage.ok
      ? {
          inScope: coverage.onRule.inScope,
          total: coverage.onRule.total,
          share_percent: coverage.onRule.share_percent,
          unit: coverage.onRule.unit,
        }
      : null,
  } as unknown as AccountFile;
  const enpi = enpiOf(daysOf(1), {
    ...adjustment,
    energy_wh_per_day: options.adjusted_wh_per_day ?? adjustment.energy_wh_per_day,
  });
  const root = merkleRoot(tree);
  const samples: ArchiveEntry[] = [];
  const { draws, unavailable } = await drawSample({ root, count: tree.count }, (position) => {
    const name = sampleName(byPosition[position] as MeterDay);
    const content = contents.get(name);
    if (!content) return 'readingsGone';
    samples.push({ name, bytes: new TextEncoder().encode(sealedContentText(content)) });
    return null;
  });
  const keyEntry: KeyEntry = {
    publicKey: toHex(key.publicKey),
    fingerprint: fingerprintOf(key.publicKey),
    addedAt: at,
    endorsement: toHex(await sign(elder.privateKey, key.publicKey)),
    endorsedBy: fingerprintOf(elder.publicKey),
    retiredAt: null,
    revokedAt: options.revoked ? at : null,
    revocationReason: options.revoked ? 'laptop lost' : '',
  };
  const elderEntry: KeyEntry = {
    ...keyEntry,
    publicKey: toHex(elder.publicKey),
    fingerprint: fingerprintOf(elder.publicKey),
    endorsement: null,
    endorsedBy: null,
    retiredAt: at,
    revokedAt: null,
    revocationReason: '',
  };
  const report = new TextEncoder().encode('%PDF-1.7 a report');
  const json = (name: string, value: unknown): ArchiveEntry => ({ name, bytes: canonicalBytes(value) });
  const files: ArchiveEntry[] = [
    json(fileNames.keys, [elderEntry, keyEntry]),
    json(fileNames.sites, [{ id: siteId, name: 'Laval', timeZone: 'UTC' }]),
    json(fileNames.meters, []),
    json(fileNames.sums, sums),
    json(fileNames.enpis, [enpi]),
    json(fileNames.account, accountContent),
    { name: fileNames.spreadsheet, bytes: spreadsheetBytes(accountContent, [enpi]) },
    json(fileNames.snapshot, { snapshotVersion: 1 }),
    { name: 'report/report.pdf', bytes: report },
    { name: fileNames.chain, bytes: new TextEncoder().encode(records.map(chainLine).join('')) },
    { name: daysName(siteId), bytes: new TextEncoder().encode(`${[meterDayHeader, ...lines].join('\n')}\n`) },
    ...samples,
  ];
  const head = records[records.length - 1] as ChainRecord;
  const manifest: Omit<Manifest, 'form' | 'files' | 'keyFingerprint'> = {
    createdAt: at,
    createdBy: 'Claire',
    organisation: 'Belleroche',
    entity: 'Belleroche SAS',
    audit: { id: 'audit', name: 'Audit 2026', from: '2026-01-01', to: '2026-03-01' },
    days: { from: '2026-01-01', to: '2026-02-10' },
    report: { file: 'report/report.pdf', sha256: sha256Hex(report), documentId: 'document' },
    tree: { leaves: tree.count, root: toHex(root) },
    chain: { seq: head.seq, hash: head.hash },
    sampling: { draws, unavailable: [...unavailable] },
    formulas: { coverage: '1' },
  };
  const pieces = [...(await packBundle({ manifest, files, key }))];
  return {
    bytes: Uint8Array.from(pieces.flatMap((piece) => [...piece])),
    fingerprint: fingerprintOf(key.publicKey),
    anchor: anchorText(head),
    files,
  };
}

/** A second shift from 20 January on, as it was proposed and approved. */
const adjustment = {
  id: 'second-shift',
  event: 'Second shift',
  from: '2026-01-20',
  to: null,
  energy_wh_per_day: 1_200,
  halfWidth_wh_per_day: 90,
};
const { id: adjustmentId, event, from, to, ...effect } = adjustment;
const adjustmentActs = [
  {
    actor: 'Claire',
    action: 'adjustment.propose',
    object: `adjustment ${adjustmentId}`,
    after: {
      event,
      from,
      to,
      method: 'Sub-meter',
      evidence: 'Rota',
      effects: [{ enpiId: 'enpi', ...effect }],
    },
  },
  {
    actor: 'Jean',
    action: 'adjustment.approve',
    object: `adjustment ${adjustmentId}`,
    after: { state: 'approved' },
  },
];

function enpiOf(days: readonly MeterDay[], adjusted: typeof adjustment): EnpiEntry {
  const production = days.map((_, i) => 10_000 + 300 * (i % 7));
  const period = {
    dates: days.map(({ date }) => date),
    energy_wh: days.map(({ delta }) => delta ?? Number.NaN),
    given: { production_g: production },
  };
  const savings = adjustedSavings(model, period, {
    confidence: 0.95,
    metering: null,
    adjustments: [adjusted],
  });
  return {
    id: 'enpi',
    name: 'Energy per tonne',
    siteId,
    meterIds: [1],
    measurand,
    version: 1,
    model: model as unknown as EnpiEntry['model'],
    confidence: 0.95,
    adjustments: [adjusted],
    reporting: { from: '2026-01-01', to: '2026-02-10' },
    days: days.map(({ date, delta }, i) => ({
      date,
      actual_wh: delta,
      given: { production_g: production[i] ?? null },
      temperature_c: null,
    })),
    stated: {
      knownDays: savings.days,
      actual_wh: savings.actual_wh,
      expected_wh: savings.expected_wh,
      savings_wh: savings.savings_wh,
      modelHalfWidth_wh: savings.modelHalfWidth_wh,
    },
  };
}
