import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type Adjustment,
  type decideAdjustment,
  evidenceMediaTypes,
  greatestEvidenceFiles,
  type SaveAdjustment,
} from '@wattproof/contracts/api';
import {
  type AdjustmentRow,
  addAdjustment,
  addAdjustmentFile,
  decideAdjustmentState,
  findAdjustmentFile,
  listAdjustments,
  listSiteEnpis,
  recordEventBy,
  type Scope,
  type SiteEnpiRow,
} from '@wattproof/database/queries';
import { type Finding, finding } from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { Response } from 'express';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { attachment } from '../audit/document.service.ts';
import { findingsView } from '../enpi/enb-view.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';

const transitions = {
  approve: { from: ['proposed'], to: 'approved' },
  refuse: { from: ['proposed'], to: 'refused' },
  withdraw: { from: ['proposed', 'approved'], to: 'withdrawn' },
} as const;

@Injectable()
export class AdjustmentService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, siteId?: string): Promise<Adjustment[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const rows = await listAdjustments(client, scope, { siteId });
      const enpis = new Map<string, readonly SiteEnpiRow[]>();
      for (const { siteId: id } of rows)
        if (!enpis.has(id)) enpis.set(id, await listSiteEnpis(client, scope, id));
      return rows.map((row) => adjustmentView(row, enpis.get(row.siteId) ?? []));
    });
  }

  /** What it would do to every EnPI; nothing is stored. */
  preview(caller: Caller, wish: SaveAdjustment): Promise<Adjustment> {
    const { scope } = caller;
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const { site, enpis } = await requireWish(client, scope, wish);
      return adjustmentView(
        {
          ...wish,
          files: [],
          id: '00000000-0000-0000-0000-000000000000',
          siteName: site.name,
          state: 'proposed',
          proposedBy: caller.name,
          proposedAt: new Date(),
          decidedBy: null,
          decidedAt: null,
          decisionReason: null,
        },
        enpis,
      );
    });
  }

  async propose(caller: Caller, wish: SaveAdjustment): Promise<Adjustment> {
    const { scope } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const { enpis } = await requireWish(client, scope, wish);
      const id = await addAdjustment(client, scope, wish, caller.name);
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'adjustment.propose',
        object: `adjustment ${id}`,
        after: { ...wish },
      });
      return adjustmentView(await requireAdjustment(client, scope, id), enpis);
    });
  }

  /** Evidence may be added for as long as the dossier counts; what is there stays. */
  addFile(
    caller: Caller,
    adjustmentId: string,
    file: { readonly fileName: string; readonly mediaType: string; readonly content: unknown },
  ): Promise<Adjustment> {
    const { scope } = caller;
    const { content, fileName } = file;
    const mediaType = evidenceMediaTypes.find((type) => type === file.mediaType);
    if (!Buffer.isBuffer(content) || content.length === 0 || !mediaType)
      throw new AppError(
        'invalid',
        `The body must be the file itself, with one of the content types ${evidenceMediaTypes.join(', ')}`,
        { contentType: file.mediaType },
      );
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const before = await requireAdjustment(client, scope, adjustmentId);
      if (before.state !== 'proposed' && before.state !== 'approved')
        throw new AppError('conflict', `The adjustment is ${before.state}`, { state: before.state });
      if (before.files.length + before.evidenceFiles.length >= greatestEvidenceFiles)
        throw new AppError('conflict', `A dossier has at most ${greatestEvidenceFiles} files`);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const id = await addAdjustmentFile(client, scope, adjustmentId, {
        name: fileName,
        mediaType,
        sha256,
        content,
        by: caller.name,
      });
      if (id === null) throw new AppError('conflict', 'The dossier has this file already', { sha256 });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: 'adjustment.addFile',
        object: `adjustment ${adjustmentId}`,
        after: { name: fileName, sha256, size_bytes: content.length },
      });
      const enpis = await listSiteEnpis(client, scope, before.siteId);
      return adjustmentView(await requireAdjustment(client, scope, adjustmentId), enpis);
    });
  }

  async file(
    scope: Scope,
    wish: { readonly adjustmentId: string; readonly fileId: string },
    response: Response,
  ): Promise<void> {
    const file = await this.resources.database.readOrganisation(scope.organisationId, (client) =>
      findAdjustmentFile(client, scope, wish),
    );
    if (!file) throw new AppError('notFound', `The adjustment has no file ${wish.fileId}`);
    response
      .type(file.mediaType)
      .set({
        'content-disposition': attachment(file.name),
        'content-length': String(file.content.length),
      })
      .end(file.content);
  }

  async decide(
    caller: Caller,
    adjustmentId: string,
    wish: z.output<typeof decideAdjustment>,
  ): Promise<Adjustment> {
    const { scope } = caller;
    const { from, to } = transitions[wish.decision];
    const answer = await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const before = await requireAdjustment(client, scope, adjustmentId);
      if (
        !(await decideAdjustmentState(client, scope, adjustmentId, {
          from,
          to,
          by: caller.name,
          reason: wish.reason,
        }))
      )
        throw new AppError('conflict', `The adjustment is ${before.state}`, { state: before.state });
      await recordEventBy(client, scope, {
        actor: caller.name,
        action: `adjustment.${wish.decision}`,
        object: `adjustment ${adjustmentId}`,
        before: { state: before.state },
        after: { state: to, reason: wish.reason },
      });
      const enpis = await listSiteEnpis(client, scope, before.siteId);
      return adjustmentView(await requireAdjustment(client, scope, adjustmentId), enpis);
    });
    for (const { enpiId } of answer.effects) await enqueue(this.resources.jobs, 'computeEnpi', { enpiId });
    return answer;
  }
}

async function requireAdjustment(
  client: PoolClient,
  scope: Scope,
  adjustmentId: string,
): Promise<AdjustmentRow> {
  const [row] = await listAdjustments(client, scope, { adjustmentId });
  if (!row) throw new AppError('notFound', `There is no adjustment ${adjustmentId}`);
  return row;
}

async function requireWish(client: PoolClient, scope: Scope, wish: SaveAdjustment) {
  const site = await requireSite(client, scope, wish.siteId);
  if (wish.to !== null && !(wish.from < wish.to))
    throw new AppError('invalid', 'from must lie before to', { from: wish.from, to: wish.to });
  const enpis = await listSiteEnpis(client, scope, wish.siteId);
  const unknown = wish.effects.find(({ enpiId }) => !enpis.some(({ id }) => id === enpiId));
  if (unknown) throw new AppError('notFound', `The site has no EnPI ${unknown.enpiId}`);
  if (new Set(wish.effects.map(({ enpiId }) => enpiId)).size < wish.effects.length)
    throw new AppError('invalid', 'Each EnPI once');
  return { site, enpis };
}

function adjustmentView(row: AdjustmentRow, enpis: readonly SiteEnpiRow[]): Adjustment {
  const findings: Finding[] = [];
  const effectOnEnpis = enpis.map((enpi): Adjustment['effectOnEnpis'][number] => {
    const own = row.effects.find(({ enpiId }) => enpiId === enpi.id);
    const perDay = own?.energy_wh_per_day ?? 0;
    const days = (enpi.days ?? []).filter(
      (day) =>
        day.phase === 'reporting' &&
        day.actual_wh !== null &&
        day.expected_wh !== null &&
        day.date >= row.from &&
        (row.to === null || day.date < row.to),
    ).length;
    if (own && row.from < enpi.reportingFrom)
      findings.push(
        finding(
          'adjustmentBeforeReporting',
          'The event begins before the reporting period: the baseline has it in part',
          {
            name: enpi.name,
            from: row.from,
            reportingFrom: enpi.reportingFrom,
          },
        ),
      );
    const energy_wh = days * perDay;
    const isIn = enpi.adjustments?.some(({ id }) => id === row.id) ?? false;
    const savings = (added: number): number | null => {
      if (!enpi.savings) return null;
      const expected = enpi.savings.expected_wh + added;
      return expected > 0
        ? (100 * (enpi.savings.expected_wh - enpi.savings.actual_wh + added)) / expected
        : null;
    };
    // The stored result has it already once it is approved and computed.
    return {
      enpiId: enpi.id,
      name: enpi.name,
      energy_wh_per_day: perDay,
      days,
      energy_wh,
      savingsBefore_percent: savings(isIn ? -energy_wh : 0),
      savingsAfter_percent: savings(isIn ? 0 : energy_wh),
    };
  });
  const { files, ...dossier } = row;
  return {
    ...dossier,
    evidenceFiles: [
      ...files.map((file) => ({ ...file, addedAt: new Date(file.addedAt).toISOString() })),
      ...row.evidenceFiles.map((file) => ({
        ...file,
        id: null,
        mediaType: null,
        size_bytes: null,
        addedBy: null,
        addedAt: null,
      })),
    ],
    effects: row.effects.map((effect) => ({ ...effect })),
    proposedAt: row.proposedAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    effectOnEnpis,
    findings: findingsView(findings),
  };
}
