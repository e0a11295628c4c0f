import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boundedMemory } from '../infra/applications.ts';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { onDatabase } from '../infra/database-url.ts';
import { flag, median, rounded } from './figures/measure.ts';
import type { AuditDone, AuditOrder } from './report/audited.ts';
import { metersOfSite, type SeededAudit, seedAudit } from './report/database.ts';
import { emptyDatabase } from './series/database.ts';

/** As it is handed out. */
const verifier = join(import.meta.dirname, '../packages/evidence/dist/verify.mjs');
const name = 'wattproof_bench_report';
const worker = join(import.meta.dirname, 'report/audited.ts');

/** One round over an entity: seconds, and the most memory that a process of it took. */
interface Round {
  readonly coverage_s: number;
  readonly report_s: number;
  readonly bundle_s: number;
  readonly verify_s: number;
  readonly worker_mb: number;
  readonly verifier_mb: number;
}

/**
 * The audit of an entity as the workers do it: coverage from its bills, the report as PDF/A, the evidence bundle, and the
 * verifier, each in a process of its own. Beside it an entity of a tenth of the sites, so that growth shows.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const sites = flag(context.flags, '--sites', 100);
  const rounds = flag(context.flags, '--runs', 3);
  const small = Math.max(1, Math.round(sites / 10));
  execFileSync('npm', ['run', 'build', '-w', '@wattproof/evidence'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const database = await emptyDatabase(context, name);
  context.log(`seeding ${sites + small} sites`);
  const entities = {
    large: await seedAudit(database.admin, 'Large', sites),
    small: await seedAudit(database.admin, 'Small', small),
  };
  await database.admin.query('VACUUM ANALYZE sealed_day');
  await database.admin.end();
  const urls = {
    adminUrl: onDatabase(context.adminDatabaseUrl, name),
    workerUrl: database.urlOf('wattproof_worker'),
  };
  const of = { large: [] as Round[], small: [] as Round[] };
  for (let round = 1; round <= rounds; round++) {
    of.small.push(await audited(context, urls, entities.small));
    const whole = await audited(context, urls, entities.large);
    of.large.push(whole);
    context.log(
      `round ${round}: coverage ${whole.coverage_s.toFixed(2)} s, report ${whole.report_s.toFixed(2)} s, bundle ${whole.bundle_s.toFixed(1)} s, verifier ${whole.verify_s.toFixed(1)} s; worker ${whole.worker_mb.toFixed(0)} MB, verifier ${whole.verifier_mb.toFixed(0)} MB`,
    );
  }
  const middle = (name: keyof Round): number => median(of.large.map((round) => round[name]));
  const total = (round: Round): number => round.coverage_s + round.report_s + round.bundle_s + round.verify_s;
  return {
    coverage_s: rounded(middle('coverage_s')),
    report_s: rounded(middle('report_s')),
    bundle_s: rounded(middle('bundle_s')),
    verify_s: rounded(middle('verify_s')),
    rss_mb: Math.round(Math.max(...of.large.flatMap((round) => [round.worker_mb, round.verifier_mb]))),
    worker_mb: Math.round(middle('worker_mb')),
    verifier_mb: Math.round(middle('verifier_mb')),
    linear_ratio: rounded(
      median(of.large.map((round, i) => total(round) / ((sites / small) * total(of.small[i] as Round)))),
    ),
    sites,
    meters: sites * metersOfSite,
    rounds,
  };
}

async function audited(
  { secretKey, scratchFolder }: BenchContext,
  urls: Pick<AuditOrder, 'adminUrl' | 'workerUrl'>,
  entity: SeededAudit,
): Promise<Round> {
  const bundlePath = join(scratchFolder, 'bundle.zip');
  const order: AuditOrder = { ...urls, ...entity, secretKey, bundlePath };
  const child = fork(worker, { stdio: 'inherit', env: { ...process.env, ...boundedMemory } });
  let done: AuditDone | undefined;
  child.on('message', (message) => {
    done = message as AuditDone;
  });
  child.send(order);
  const worker_mb = await peakUntilEnd(child);
  if (!done) throw new Error('the audit was not made');
  const { fingerprint, anchor, ...seconds } = done;
  const begun = performance.now();
  // Ends with an error where the bundle is not intact.
  const verifier_mb = await peakUntilEnd(
    spawn(process.execPath, [verifier, bundlePath, '--fingerprint', fingerprint, '--anchor', anchor], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  return { ...seconds, verify_s: (performance.now() - begun) / 1000, worker_mb, verifier_mb };
}

/** Most resident memory of a process, MB, as the kernel keeps it; an error where it does not end well. */
async function peakUntilEnd(child: ChildProcess): Promise<number> {
  let peak_mb = 0;
  const watch = setInterval(() => {
    peak_mb = Math.max(peak_mb, peakOf(child.pid ?? 0));
  }, 50);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`a measured process ended with ${code ?? signal}`);
  return peak_mb;
}

function peakOf(pid: number): number {
  try {
    const [, kB = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kB) / 1000;
  } catch {
    // It has ended between two looks.
    return 0;
  }
}
