import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { bundlePiece, computeAudit, evidenceBundleRun, withScope } from '@wattproof/database';
import { createLogger } from '@wattproof/runtime';
import { makeEvidenceBundle } from '@wattproof/workers/evidence';
import { makeAuditReport } from '@wattproof/workers/report';
import pg from 'pg';

/** What the process is told in its first message. */
export interface AuditOrder {
  readonly adminUrl: string;
  readonly workerUrl: string;
  readonly secretKey: string;
  readonly organisationId: number;
  readonly auditId: string;
  /** Where the bundle is put. */
  readonly bundlePath: string;
}

/** What it says when it is done. */
export interface AuditDone {
  readonly coverage_s: number;
  readonly report_s: number;
  readonly bundle_s: number;
  readonly fingerprint: string;
  readonly anchor: string;
}

/** One audit as a worker does it, in a process of its own, whose memory is the worker's and not the benchmark's. */
async function audit({
  adminUrl,
  workerUrl,
  secretKey,
  organisationId,
  auditId,
  bundlePath,
}: AuditOrder): Promise<AuditDone> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const pool = new pg.Pool({ connectionString: workerUrl, max: 4 });
  const resources = {
    pool,
    logger: createLogger('bench', 'error'),
    secretKey,
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
  const attempt = { attempt: 1, isLast: true };
  const coverage_s = await secondsOf(() =>
    withScope(pool, organisationId, async (client) => {
      if (!(await computeAudit(client, auditId))?.detail) throw new Error('the audit has no coverage');
    }),
  );
  const reportId = await asked('makeAuditReport', { auditId, locale: 'en' });
  const report_s = await secondsOf(() => makeAuditReport(resources, reportId, attempt));
  const bundleId = await asked(evidenceBundleRun, { auditId });
  const bundle_s = await secondsOf(() => makeEvidenceBundle(resources, bundleId, attempt));
  const { rows } = await admin.query<{ result: { bundleId: string; fingerprint: string; anchor: string } }>(
    'SELECT result FROM job_run WHERE id = $1',
    [bundleId],
  );
  const result = rows[0]?.result;
  if (!result) throw new Error('the bundle was not made');
  await writeFile(bundlePath, piecesOf(pool, { organisationId, bundleId: result.bundleId }));
  await Promise.all([admin.end(), pool.end()]);
  return { coverage_s, report_s, bundle_s, fingerprint: result.fingerprint, anchor: result.anchor };
}

async function* piecesOf(
  pool: pg.Pool,
  { organisationId, bundleId }: { readonly organisationId: number; readonly bundleId: string },
): AsyncGenerator<Buffer> {
  for (let n = 0; ; n++) {
    const piece = await withScope(pool, organisationId, (client) => bundlePiece(client, bundleId, n));
    if (!piece) return;
    yield piece;
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

const [order] = (await once(process, 'message')) as [AuditOrder];
process.send?.(await audit(order));
process.disconnect();
