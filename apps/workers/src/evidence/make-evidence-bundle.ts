import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AuditGround,
  appendRecords,
  bundleEnpis,
  bundleMeters,
  chainInstant,
  computedAudit,
  finishJobRun,
  type IssuedReport,
  type JobRunWork,
  listSigningKeys,
  loadEnpis,
  lockJobRun,
  newestReport,
  readAuditGround,
  readChain,
  readDailyData,
  reportGround,
  saveJobRunStep,
  sealDays,
  sealedSums,
  signingKey,
  storeBundle,
  storeBundlePiece,
  withScope,
} from '@wattproof/database';
import {
  coverageVersions,
  type FormulaVersions,
  formulaNames,
  formulasOn,
  runningFormulas,
} from '@wattproof/energy';
import {
  type ArchiveEntry,
  anchorText,
  type ChainHead,
  type ChainRecord,
  canonicalBytes,
  chainLine,
  type EnpiEntry,
  fileNames,
  fingerprintOf,
  type Manifest,
  packBundle,
  type SigningKey,
  spreadsheetBytes,
  toHex,
} from '@wattproof/evidence';
import type { JobContext } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { carryOut } from '../job-run.ts';
import type { ReportGround } from '../report/report-ground.ts';
import type { Resources } from '../resources.ts';
import {
  accountContent,
  enpiContent,
  isOfAccount,
  type LeftOutEnpi,
  readMe,
  shownChain,
} from './bundle-content.ts';
import { meterDayFiles, sampleFiles } from './meter-day-files.ts';
import { spreadsheetWords } from './spreadsheet-words.ts';

const inputSchema = z.object({ auditId: z.uuid() });

/** Steps of a bundle, in order, with the percentage at which each begins; catalogues translate the names. */
export const bundleSteps = {
  sealDays: 0,
  readAccount: 15,
  readMeterDays: 20,
  drawSample: 70,
  signBundle: 85,
  storeBundle: 90,
} as const;
export type BundleStep = keyof typeof bundleSteps;
const stepNames = Object.keys(bundleSteps) as readonly BundleStep[];

type Needs = Pick<Resources, 'pool' | 'notices' | 'logger' | 'secretKey'>;

/** Pieces of a stored bundle: large enough to be few, small enough to be sent one by one. */
const piece_bytes = 4 * 1024 * 1024;

/** Makes the evidence bundle that a job run asks for, and keeps it as the bytes that were issued. */
export function makeEvidenceBundle(resources: Needs, jobRunId: string, context: JobContext): Promise<void> {
  return carryOut(resources, jobRunId, context, 'bundle', (run) => makeBundle(resources, run));
}

interface Collected {
  readonly manifest: Omit<Manifest, 'form' | 'files' | 'keyFingerprint'>;
  readonly files: readonly ArchiveEntry[];
  readonly documentId: string | null;
  readonly head: ChainHead;
}

async function makeBundle(resources: Needs, run: JobRunWork): Promise<void> {
  const { pool, notices, logger, secretKey } = resources;
  const input = inputSchema.safeParse(run.input);
  if (!input.success) throw new AppError('invalid', 'The run does not say which audit', { input: run.input });
  const { auditId } = input.data;
  const organisationId = run.organisationId;
  const step = async (name: BundleStep, share = 0): Promise<void> => {
    const position = stepNames.indexOf(name);
    const next = stepNames[position + 1];
    const from = bundleSteps[name];
    const percent = from + share * ((next ? bundleSteps[next] : 100) - from);
    await withScope(pool, organisationId, (client) =>
      saveJobRunStep(client, run.id, {
        step: name,
        stepNumber: position + 1,
        stepCount: stepNames.length,
        percent,
      }),
    );
    notices.jobRunChanged(organisationId, run.id);
  };

  await step('sealDays');
  const now = new Date();
  await sealDays(pool, {
    now,
    organisationId,
    onError: (error, siteId) => logger.error({ err: error, siteId }, 'a site was not sealed'),
  });
  const key = await withScope(pool, organisationId, (client) =>
    signingKey(client, { organisationId, secretKey, by: run.requestedBy, now }),
  );
  await step('readAccount');
  const folder = await mkdtemp(join(tmpdir(), 'wattproof-bundle-'));
  try {
    // One snapshot of the database for everything in the bundle.
    const collected = await withScope(
      pool,
      organisationId,
      (client) => collect(client, { auditId, organisationId, now, createdBy: run.requestedBy, step, folder }),
      { readOnly: true, repeatableRead: true },
    );
    await step('signBundle');
    const pieces = await packBundle({ manifest: collected.manifest, files: collected.files, key });
    await step('storeBundle');
    await store(resources, run, { auditId, key, collected, pieces, now });
  } finally {
    await rm(folder, { recursive: true });
  }
  notices.jobRunChanged(organisationId, run.id);
}

interface Wanted {
  readonly auditId: string;
  readonly organisationId: number;
  readonly now: Date;
  readonly createdBy: string;
  readonly step: (name: BundleStep, share?: number) => Promise<void>;
  /** For files that are too large to be kept in memory. */
  readonly folder: string;
}

async function collect(client: PoolClient, wanted: Wanted): Promise<Collected> {
  const report = await newestReport(client, wanted.auditId);
  const ground = await auditGround(client, wanted.auditId, report);
  if (!ground) throw new AppError('notFound', 'There is no such audit', { auditId: wanted.auditId });
  const formulas = formulasOf(report);
  // By the formula of the report: whoever checks the bundle finds the report's figures.
  const computed = computedAudit(
    ground,
    coverageVersions.find((version) => version === formulas.auditCoverage),
  );
  const { audit } = computed;
  if (report && !isOfAccount(report, computed))
    throw new AppError(
      'conflict',
      'The energy account has changed since the newest report: make the report again, then the bundle',
      { documentId: report.id },
    );
  const records = await readChain(client, wanted.organisationId);
  const { enpis, leftOut } = await enpiContents(client, audit.legalEntityId, records);
  const siteIds = computed.sites.map(({ id }) => id);
  const first =
    [audit.periodFrom, ...enpis.map(({ reporting }) => reporting.from)].sort()[0] ?? audit.periodFrom;
  const last =
    [audit.periodTo, ...enpis.map(({ reporting }) => reporting.to)].sort().at(-1) ?? audit.periodTo;
  const days = { from: first, to: last };

  await wanted.step('readMeterDays');
  const meterDays = await meterDayFiles(client, siteIds, {
    folder: wanted.folder,
    days,
    onSite: (done) => wanted.step('readMeterDays', done / siteIds.length),
  });
  if (meterDays.leaves.count === 0)
    throw new AppError('notReady', 'No day of this audit is sealed yet', { auditId: wanted.auditId });
  await wanted.step('drawSample');
  const samples = await sampleFiles(client, meterDays);
  const head = records[records.length - 1];
  if (!head) throw new AppError('notReady', 'Nothing is recorded yet');
  const json = (name: string, value: unknown): ArchiveEntry => ({ name, bytes: canonicalBytes(value) });
  const text = (name: string, content: string): ArchiveEntry => ({
    name,
    bytes: new TextEncoder().encode(content),
  });
  const reportFile = 'report/report.pdf';
  const account = accountContent(computed, spreadsheetWords(report?.locale ?? 'en'));
  return {
    documentId: report?.id ?? null,
    head,
    files: [
      text('README.txt', readMe(leftOut)),
      json(fileNames.keys, await listSigningKeys(client, wanted.organisationId)),
      json(
        fileNames.sites,
        computed.sites.map(({ id, name, timeZone }) => ({ id, name, timeZone })),
      ),
      json(fileNames.meters, await bundleMeters(client, siteIds)),
      json(fileNames.account, account),
      json(fileNames.enpis, enpis),
      { name: fileNames.spreadsheet, bytes: spreadsheetBytes(account, enpis) },
      json(fileNames.sums, await sealedSums(client, siteIds, { from: audit.periodFrom, to: audit.periodTo })),
      text(fileNames.chain, shownChain(records, new Set(siteIds)).map(chainLine).join('')),
      ...meterDays.files,
      ...samples.files,
      ...(report
        ? [{ name: reportFile, bytes: report.content }, json(fileNames.snapshot, report.snapshot)]
        : []),
    ],
    manifest: {
      createdAt: wanted.now.toISOString(),
      createdBy: wanted.createdBy,
      organisation: audit.organisationName,
      entity: audit.legalEntityName,
      audit: { id: audit.id, name: audit.name, from: audit.periodFrom, to: audit.periodTo },
      days,
      report: report && { file: reportFile, sha256: report.sha256, documentId: report.id },
      tree: { leaves: meterDays.leaves.count, root: toHex(meterDays.root) },
      chain: { seq: head.seq, hash: head.hash },
      sampling: { draws: samples.sample.draws, unavailable: [...samples.sample.unavailable] },
      formulas: {
        coverage: `auditCoverage/${computed.rule.id}`,
        saving: 'savingsOver/1',
        interval: 'counterIntervals/1',
        ...Object.fromEntries(formulaNames.map((name) => [name, `${name}@${formulas[name]}`])),
      },
    },
  };
}

/** What the account of a bundle is computed from: what there is now, or what a re-issued report was computed from. */
async function auditGround(
  client: PoolClient,
  auditId: string,
  report: IssuedReport | null,
): Promise<AuditGround | null> {
  const kept = report?.snapshot.reissue
    ? ((await reportGround(client, report.id)) as ReportGround | null)
    : null;
  return kept?.audit ?? readAuditGround(client, auditId);
}

/** Versions that a report was computed with; without a report those that run. */
const formulasOf = (report: IssuedReport | null): FormulaVersions => {
  if (!report) return runningFormulas();
  const { formulas, createdAt } = report.snapshot;
  return (formulas as FormulaVersions | undefined) ?? formulasOn(String(createdAt).slice(0, 10));
};

/** The EnPIs of an entity as the bundle carries them, and those that cannot be computed again from it, with the reason. */
async function enpiContents(
  client: PoolClient,
  legalEntityId: string,
  records: readonly ChainRecord[],
): Promise<{ readonly enpis: readonly EnpiEntry[]; readonly leftOut: readonly LeftOutEnpi[] }> {
  const enpis: EnpiEntry[] = [];
  const leftOut: LeftOutEnpi[] = [];
  for (const enpi of await bundleEnpis(client, legalEntityId)) {
    const [record] = await loadEnpis(client, enpi.id);
    if (!record) continue;
    const { definition } = enpi.model;
    const data = await readDailyData(client, {
      table: 'store.interval_day',
      timeZone: record.timeZone,
      base_s: record.base_s,
      meterIds: definition.meterIds,
      measurand: definition.measurand,
      variables: definition.variables,
      from: definition.baselineFrom,
      to: enpi.savings.to,
    });
    const content = enpiContent(enpi, { data, adjustments: record.adjustments, records });
    if (typeof content === 'string') leftOut.push({ name: enpi.name, reason: content });
    else enpis.push(content);
  }
  return { enpis, leftOut };
}

async function store(
  { pool }: Needs,
  run: JobRunWork,
  {
    auditId,
    key,
    collected,
    pieces,
    now,
  }: {
    readonly auditId: string;
    readonly key: SigningKey;
    readonly collected: Collected;
    /** Gone through twice: for its hash, then to be stored. */
    readonly pieces: Iterable<Uint8Array>;
    readonly now: Date;
  },
): Promise<void> {
  const { organisationId } = run;
  const { manifest, head } = collected;
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
  }
  const sha256 = hash.digest('hex');
  const fingerprint = fingerprintOf(key.publicKey);
  await withScope(pool, organisationId, async (client) => {
    if (!(await lockJobRun(client, run.id))) return;
    const bundleId = await storeBundle(client, {
      organisationId,
      auditId,
      documentId: collected.documentId,
      name: `${manifest.audit.name} ${manifest.entity} ${manifest.createdAt.slice(0, 10)}.wattproof.zip`,
      bytes,
      sha256,
      fingerprint,
      anchor: anchorText(head),
      meterDays: manifest.tree.leaves,
      createdBy: run.requestedBy,
    });
    let position = 0;
    for (const block of blocksOf(pieces))
      await storeBundlePiece(client, { bundleId, organisationId, position: position++ }, block);
    // Whoever obtains an anchor later than this can prove that the bundle is the one that was issued.
    await appendRecords(client, organisationId, [
      {
        at: chainInstant(now),
        kind: 'bundleIssued',
        body: { bundleId, auditId, sha256, root: manifest.tree.root, fingerprint, by: run.requestedBy },
      },
    ]);
    await finishJobRun(client, run.id, {
      bundleId,
      sha256,
      bytes,
      meterDays: manifest.tree.leaves,
      fingerprint,
      anchor: anchorText(head),
    });
  });
}

/** Pieces of any size in blocks of one size; a block is overwritten by the next one. */
function* blocksOf(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const block = new Uint8Array(piece_bytes);
  let length = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + piece_bytes - length);
      block.set(part, length);
      length += part.length;
      from += part.length;
      if (length < piece_bytes) continue;
      yield block;
      length = 0;
    }
  }
  if (length > 0) yield block.subarray(0, length);
}
