import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { EvidenceBundles, JobRun } from '@wattproof/contracts/api';
import { bundlePiece, evidenceBundleRun, findBundle, listBundles } from '@wattproof/database';
import {
  createJobRun,
  isAuditVisible,
  listAuditNames,
  recordEvent,
  type Scope,
} from '@wattproof/database/queries';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { Response } from 'express';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { attachment } from '../audit/document.service.ts';
import { JobService } from '../job/job.service.ts';
import { Resources } from '../resources.ts';

/** Built beside its sources, whose place the package itself knows. */
const verifierPath = join(import.meta.dirname, '../../../../packages/evidence/dist/verify.mjs');

@Injectable()
export class BundleService {
  constructor(
    private readonly resources: Resources,
    private readonly jobs: JobService,
  ) {}

  list(scope: Scope, auditId: string): Promise<EvidenceBundles> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireVisible(client, scope, auditId);
      return {
        bundles: (await listBundles(client, auditId)).map(
          ({ auditId: _auditId, documentId: _documentId, createdAt, ...bundle }) => ({
            ...bundle,
            createdAt: createdAt.toISOString(),
          }),
        ),
      };
    });
  }

  async request(caller: Caller, auditId: string): Promise<JobRun> {
    const { database, jobs } = this.resources;
    const { scope } = caller;
    const title = await database.readOrganisation(scope.organisationId, async (client) => {
      await requireVisible(client, scope, auditId);
      return (await listAuditNames(client, scope)).find(({ id }) => id === auditId)?.name ?? '';
    });
    const jobRunId = await database.withOrganisation(scope.organisationId, async (tx) => {
      const id = await createJobRun(tx, scope, {
        kind: evidenceBundleRun,
        title,
        input: { auditId },
        requestedBy: caller.name,
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'evidence.requestBundle',
        object: auditId,
        after: { jobRunId: id },
      });
      return id;
    });
    // Without Redis the bell is not heard; the workers look for waiting runs by themselves.
    await enqueue(jobs, 'makeEvidenceBundle', { jobRunId });
    return this.jobs.one(caller, jobRunId);
  }

  async download(scope: Scope, bundleId: string, response: Response): Promise<void> {
    const { database } = this.resources;
    const read = <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> =>
      database.readOrganisation(scope.organisationId, work);
    const bundle = await read(async (client) => {
      const found = await findBundle(client, bundleId);
      if (!found || !(await isAuditVisible(client, scope, found.auditId)))
        throw new AppError('notFound', `There is no evidence bundle ${bundleId}`);
      return found;
    });
    response.type('application/zip').set({
      'content-disposition': attachment(bundle.name),
      'content-length': String(bundle.bytes),
      'repr-digest': `sha-256=:${Buffer.from(bundle.sha256, 'hex').toString('base64')}:`,
    });
    // Piece by piece, each from the database only when the one before has gone.
    for (let position = 0; !response.destroyed; position++) {
      const piece = await read((client) => bundlePiece(client, bundleId, position));
      if (!piece) break;
      if (!response.write(piece))
        await new Promise<void>((resolve) => {
          response.once('drain', resolve);
          response.once('close', resolve);
        });
    }
    response.end();
  }

  async verifier(response: Response): Promise<void> {
    const file = await readFile(verifierPath).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new AppError('notReady', 'The verifier has not been built');
      throw error;
    });
    response
      .type('text/javascript')
      .set({ 'content-disposition': attachment('verify.mjs') })
      .end(file);
  }
}

async function requireVisible(client: PoolClient, scope: Scope, auditId: string): Promise<void> {
  if (!(await isAuditVisible(client, scope, auditId)))
    throw new AppError('notFound', `There is no audit ${auditId}`);
}
