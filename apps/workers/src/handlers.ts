import { setTimeout as delay } from 'node:timers/promises';
import {
  adjustChunkWidths,
  auditReportRun,
  countMarkedMeters,
  everyOrganisation,
  evidenceBundleRun,
  markSilentMeters,
  measureStorage,
  overdueJobRuns,
  packOldChunks,
  prepareChunks,
  rebuildIntervals,
  retentionRun,
  sealDays,
  withScope,
} from '@wattproof/database';
import { enqueue, type JobHandlers } from '@wattproof/jobs';
import { evaluateAlarms } from './alarms/evaluate-alarms.ts';
import { makeEvidenceBundle } from './evidence/make-evidence-bundle.ts';
import { remindObligations } from './mail/remind-obligations.ts';
import { runReportSchedules } from './mail/run-report-schedules.ts';
import { sendMails } from './mail/send-mails.ts';
import { computeEnpis } from './performance/compute-enpis.ts';
import { fitExpectedLoads } from './performance/fit-expected-loads.ts';
import { makeAuditReport } from './report/make-audit-report.ts';
import type { Resources } from './resources.ts';
import { applyRetention, planDailyRuns } from './retention/apply-retention.ts';

/** Ingestion rings with every commit; looking at the marks more often than this gains nothing. */
const betweenRebuilds_ms = 2_000;
const betweenSilenceChecks_ms = 60_000;
/** Marks that complete no interval are computed after this, so that doubtful readings are settled. */
const settle_s = 60;
/** Chunks are made this far ahead. */
const chunksAhead_ms = 21 * 86_400_000;
/** Chunks are packed when late data into them has become rare (Community edition only). */
const packAfter_ms = 60 * 86_400_000;
/** A waiting run whose bell was lost, and a run that its worker left behind. */
const overdue = { waiting_s: 20, running_s: 600 } as const;

/** One handler for each job of the catalogue. All of them may run twice: the tables say what there is to do. */
export function createHandlers(resources: Resources): JobHandlers {
  const { pool, jobs, notices, metrics, logger } = resources;
  let rebuiltAt_ms = 0;
  let silenceCheckedAt_ms = 0;
  /** How far each meter was computed in the life of this process. */
  const reached = new Map<number, number>();
  return {
    rebuildIntervals: async () => {
      await delay(Math.max(0, rebuiltAt_ms + betweenRebuilds_ms - Date.now()));
      const now_ms = Date.now();
      if (now_ms - silenceCheckedAt_ms >= betweenSilenceChecks_ms) {
        silenceCheckedAt_ms = now_ms;
        await withScope(pool, everyOrganisation, (client) => markSilentMeters(client, now_ms));
      }
      const result = await rebuildIntervals(pool, {
        settle_s,
        reached,
        onError: (error, meterIds) => logger.error({ err: error, meterIds }, 'intervals were not computed'),
      });
      rebuiltAt_ms = Date.now();
      metrics.intervals.inc(result.intervals);
      metrics.failedMeters.set(result.failedMeters.length);
      metrics.markedMeters.set(await withScope(pool, everyOrganisation, countMarkedMeters));
      if (result.intervals > 0) logger.debug(result, 'intervals computed');
    },

    evaluateAlarms: async () => {
      const sweep = await evaluateAlarms(pool, Date.now());
      metrics.alarms.inc({ transition: 'raised' }, sweep.raised);
      metrics.alarms.inc({ transition: 'cleared' }, sweep.cleared);
      for (const siteId of sweep.siteIds) notices.siteChanged(siteId);
      if (sweep.raised + sweep.cleared > 0) logger.info(sweep, 'alarms changed');
    },

    computeEnpi: async ({ enpiId }) => {
      const outcomes = await computeEnpis(pool, { now_ms: Date.now(), ...(enpiId ? { enpiId } : {}) });
      for (const outcome of outcomes) {
        if (outcome.enbVersion === null) logger.warn(outcome, 'an EnPI has no baseline');
        else if (outcome.isNewVersion) logger.info(outcome, 'a baseline was computed');
      }
    },

    fitExpectedLoad: async ({ meterId }) => {
      const outcome = await fitExpectedLoads(pool, {
        now_ms: Date.now(),
        ...(meterId === undefined ? {} : { meterId }),
      });
      logger.info(outcome, 'expected loads fitted');
    },

    makeAuditReport: async ({ jobRunId }, context) => {
      await makeAuditReport(resources, jobRunId, context);
      // One that a schedule asked for has written its mails.
      await enqueue(jobs, 'sendMails', {});
    },

    sealDays: async () => {
      const result = await sealDays(pool, {
        now: new Date(),
        onError: (error, siteId) => logger.error({ err: error, siteId }, 'a site was not sealed'),
      });
      if (result.sealed + result.restated > 0) logger.info(result, 'meter-days sealed');
    },

    makeEvidenceBundle: ({ jobRunId }, context) => makeEvidenceBundle(resources, jobRunId, context),

    sendMails: async () => {
      const outcome = await sendMails(resources);
      if (outcome.sent + outcome.failed > 0) logger.info(outcome, 'mails');
    },

    runReportSchedules: () => runReportSchedules(resources, new Date()),

    remindObligations: async () => {
      const written = await remindObligations(resources, new Date());
      if (written === 0) return;
      logger.info({ written }, 'reminders written');
      await enqueue(jobs, 'sendMails', {});
    },

    resumeJobRuns: async () => {
      const ids = await withScope(pool, everyOrganisation, (client) =>
        overdueJobRuns(client, auditReportRun, overdue),
      );
      for (const jobRunId of ids) await enqueue(jobs, 'makeAuditReport', { jobRunId });
      const bundles = await withScope(pool, everyOrganisation, (client) =>
        overdueJobRuns(client, evidenceBundleRun, overdue),
      );
      for (const jobRunId of bundles) await enqueue(jobs, 'makeEvidenceBundle', { jobRunId });
      const retentions = await withScope(pool, everyOrganisation, (client) =>
        overdueJobRuns(client, retentionRun, overdue),
      );
      for (const jobRunId of retentions) await enqueue(jobs, 'applyRetention', { jobRunId });
    },

    prepareChunks: async () => {
      const now = new Date();
      const widths = await withScope(pool, everyOrganisation, adjustChunkWidths);
      for (const width of widths) logger.info(width, 'chunks to come are of another width');
      const made = await withScope(pool, everyOrganisation, (client) =>
        prepareChunks(client, { from: now, until: new Date(now.getTime() + chunksAhead_ms) }),
      );
      if (made > 0) logger.info({ made }, 'chunks prepared');
      const packed = await withScope(pool, everyOrganisation, (client) =>
        packOldChunks(client, new Date(now.getTime() - packAfter_ms)),
      );
      if (packed > 0) logger.info({ packed }, 'chunks packed into the columnstore');
    },

    applyRetention: async ({ jobRunId }) => {
      const ids = jobRunId === undefined ? await planDailyRuns(pool) : [jobRunId];
      for (const id of ids) await applyRetention(resources, id);
    },

    measureStorage: () => measureStorage(pool, new Date()),
  };
}
