import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundlePiece, computeAudit, evidenceBundleRun, withScope } from '@wattproof/database';
import { createLogger } from '@wattproof/runtime';
import { makeEvidenceBundle } from '@wattproof/workers/evidence';
import { makeAuditReport } from '@wattproof/workers/report';
import pg from 'pg';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { flag, median, rounded } from './figures/measure.ts';
import { metersOfSite, type SeededAudit, seedAudit } from './report/database.ts';
import { emptyDatabase } from './series/database.ts';

const execute = promisify(execFile);
const verifier = join(import.meta.dirname, '../packages/evidence/src/verifier.ts');

/** Seconds of one round over an entity. */
interface Round {
  readonly coverage_s: number;
  readonly report_s: number;
  readonly bundle_s: number;
  readonly verify_s: number;
}

/**
 * The audit of an entity as the workers do it: coverage from its bills, the report as PDF/A, the evidence bundle, and the
 * verifier in a process of its own. Beside it an entity of a tenth of the sites, so that growth shows.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const sites = flag(context.flags, '--sites', 100);
  const rounds = flag(context.flags, '--runs', 3);
  const small = Math.max(1, Math.round(sites / 10));
  const { admin, urlOf } = await emptyDatabase(context, 'wattproof_bench_report');
  context.log(`seeding ${sites + small} sites`);
  const entities = {
    large: await seedAudit(admin, 'Large', sites),
    small: await seedAudit(admin, 'Small', small),
  };
  await admin.query('VACUUM ANALYZE sealed_day');
  const pool = new pg.Pool({ connectionString: urlOf('wattproof_worker'), max: 4 });
  const of = { large: [] as Round[], small: [] as Round[] };
  let rss_mb = 0;
  const watch = setInterval(() => {
    rss_mb = Math.max(rss_mb, process.memoryUsage().rss / 1e6);
  }, 50);
  try {
    for (let round = 1; round <= rounds; round++) {
      of.small.push(await audited(context, { admin, pool, entity: entities.small }));
      const whole = await audited(context, { admin, pool, entity: entities.large });
      of.large.push(whole);
      context.log(
        `round ${round}: coverage ${whole.coverage_s.toFixed(2)} s, report ${whole.report_s.toFixed(2)} s, bundle ${whole.bundle_s.toFixed(1)} s, verifier ${whole.verify_s.toFixed(1)} s`,
      );
    }
  } finally {
    clearInterval(watch);
    await pool.end();
    await admin.end();
  }
  const middle = (name: keyof Round): number => median(of.large.map((round) => round[name]));
  const total = (round: Round): number => round.coverage_s + round.report_s + round.bundle_s + round.verify_s;
  return {
    coverage_s: rounded(middle('coverage_s')),
    report_s: rounded(middle('report_s')),
    bundle_s: rounded(middle('bundle_s')),
    verify_s: rounded(middle('verify_s')),
    rss_mb: Math.round(rss_mb),
    linear_ratio: rounded(
      median(of.large.map((round, i) => total(round) / ((sites / small) * total(of.small[i] as Round)))),
    ),
    sites,
    meters: sites * metersOfSite,
    rounds,
  };
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
};

async function audited(
  context: BenchContext,
  {
    admin,
    pool,
    entity: { organisationId, auditId },
  }: { readonly admin: pg.Client; readonly pool: pg.Pool; readonly entity: SeededAudit },
): Promise<Round> {
  const resources = {
    pool,
    logger: createLogger('bench', 'error'),
    secretKey: context.secretKey,
    portalUrl: 'http://127.0.0.1',
    notices: { jobRunChanged: () => {}, siteChanged: () => {}, isConnected: () => true, close: () => {} },
  };
  const asked = async (kind: string, input: unknown): Promise<string> => {
    const { rows } = await admin.query<{ id: string }>(
      `INSERT INTO job_run (organisation_id, kind, title, input, requested_by) VALUES ($1, $2, $2, $3, 'bench') RETURNING id`,
      [organisationId, kind, JSON.stringify(input)],
    );
    return rows[0]?.id as string;
  };
  const once = { attempt: 1, isLast: true };
  const coverage_s = await secondsOf(() =>
    withScope(pool, organisationId, async (client) => {
      if (!(await computeAudit(client, auditId))?.detail) throw new Error('the audit has no coverage');
    }),
  );
  const reportId = await asked('makeAuditReport', { auditId, locale: 'en' });
  const report_s = await secondsOf(() => makeAuditReport(resources, reportId, once));
  const bundleId = await asked(evidenceBundleRun, { auditId });
  const bundle_s = await secondsOf(() => makeEvidenceBundle(resources, bundleId, once));
  const { rows } = await admin.query<{ result: { bundleId: string; fingerprint: string; anchor: string } }>(
    'SELECT result FROM job_run WHERE id = $1',
    [bundleId],
  );
  const result = rows[0]?.result;
  if (!result) throw new Error('the bundle was not made');
  const path = join(context.scratchFolder, 'bundle.zip');
  await writeFile(path, await bytesOf(pool, { organisationId, bundleId: result.bundleId }));
  const args = [verifier, path, '--fingerprint', result.fingerprint, '--anchor', result.anchor];
  // Ends with an error where the bundle is not intact.
  const verify_s = await secondsOf(() => execute(process.execPath, args));
  return { coverage_s, report_s, bundle_s, verify_s };
}

async function bytesOf(
  pool: pg.Pool,
  { organisationId, bundleId }: { readonly organisationId: number; readonly bundleId: string },
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await withScope(pool, organisationId, async (client) => {
    for (let piece = await bundlePiece(client, bundleId, 0); piece; )
      piece = await bundlePiece(client, bundleId, pieces.push(piece));
  });
  return Buffer.concat(pieces);
}
