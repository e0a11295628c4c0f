import { Injectable } from '@nestjs/common';
import type { AuditDossierView } from '@wattproof/contracts/api';
import {
  addPhoto,
  auditorOf,
  auditSites,
  findAudit,
  findDossier,
  findPhoto,
  listAuditors,
  listPhotos,
  removePhoto,
  saveDossier,
  setAuditor,
} from '@wattproof/database';
import { recordEventBy, type Scope } from '@wattproof/database/queries';
import { type AuditDossier, openStatementsOf, type ReportSection } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { Response } from 'express';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { requireVisible } from './audit.service.ts';
import { photoFile, photoLimits } from './photo-file.ts';

export interface PhotoWish {
  readonly section: ReportSection;
  readonly caption: string;
  readonly siteId?: string | undefined;
  readonly takenOn?: string | undefined;
}

/** What people state for the report of an audit, with its photos, and who may sign it. */
@Injectable()
export class DossierService {
  constructor(private readonly resources: Resources) {}

  one(scope: Scope, auditId: string): Promise<AuditDossierView> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireVisible(client, scope, auditId);
      const { version, content, updatedAt, updatedBy } = await findDossier(client, auditId);
      const auditors = await listAuditors(client, scope);
      const named = await auditorOf(client, auditId);
      const auditor = auditors.find(({ userId }) => userId === named);
      const sites = await sitesOf(client, auditId);
      return {
        version,
        content: mutable(content),
        updatedAt: updatedAt?.toISOString() ?? null,
        updatedBy,
        photos: (await listPhotos(client, auditId)).map(({ auditId: _, createdAt, ...photo }) => ({
          ...photo,
          createdAt: createdAt.toISOString(),
        })),
        open: [...openStatementsOf(content)],
        auditor: auditor ? { userId: auditor.userId, name: auditor.name } : null,
        auditors,
        sites: sites.map(({ id, name }) => ({ id, name })),
        currency: sites[0]?.currency ?? 'EUR',
      };
    });
  }

  async save(
    caller: Caller,
    auditId: string,
    { version, content }: { readonly version: number; readonly content: AuditDossier },
  ): Promise<AuditDossierView> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireVisible(client, scope, auditId);
      await checkSites(client, auditId, content);
      const before = await findDossier(client, auditId);
      if (
        before.version !== version ||
        !(await saveDossier(client, scope, { auditId, version, content, by: name }))
      )
        throw new AppError('conflict', `version: ${before.version} is stored, ${version} was read`, {
          version: before.version,
        });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.saveDossier',
        object: auditId,
        before: { version },
        after: { version: version + 1, content },
      });
    });
    return this.one(scope, auditId);
  }

  async nameAuditor(caller: Caller, auditId: string, userId: string): Promise<AuditDossierView> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireVisible(client, scope, auditId);
      const auditor = (await listAuditors(client, scope)).find((one) => one.userId === userId);
      if (!auditor)
        throw new AppError('invalid', 'userId: must be a member with the role of auditor for all sites');
      const before = await auditorOf(client, auditId);
      await setAuditor(client, scope, { auditId, auditor });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.nameAuditor',
        object: auditId,
        before: { userId: before },
        after: { userId, name: auditor.name },
      });
    });
    return this.one(scope, auditId);
  }

  async addPhoto(
    caller: Caller,
    auditId: string,
    wish: PhotoWish,
    content: unknown,
  ): Promise<AuditDossierView> {
    const { scope, name } = caller;
    await this.resources.database.readOrganisation(scope.organisationId, (client) =>
      requireVisible(client, scope, auditId),
    );
    const photo = await photoFile(content);
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const sites = await sitesOf(client, auditId);
      if (wish.siteId !== undefined && !sites.some(({ id }) => id === wish.siteId))
        throw new AppError('invalid', 'siteId: is no site of the audit');
      if ((await listPhotos(client, auditId)).length >= photoLimits.count)
        throw new AppError('conflict', `An audit has at most ${photoLimits.count} photos`);
      const { section, caption, siteId = null, takenOn = null } = wish;
      const id = await addPhoto(client, scope, {
        ...photo,
        auditId,
        section,
        caption,
        siteId,
        takenOn,
        by: name,
      });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.addPhoto',
        object: auditId,
        after: { ...wish, photoId: id, sha256: photo.sha256, uploadSha256: photo.uploadSha256 },
      });
    });
    return this.one(scope, auditId);
  }

  async removePhoto(caller: Caller, photoId: string): Promise<void> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const photo = await findPhoto(client, scope, photoId);
      if (!photo) throw new AppError('notFound', `There is no photo ${photoId}`);
      await requireVisible(client, scope, photo.auditId);
      if (!(await removePhoto(client, scope, photoId)))
        throw new AppError('conflict', 'The photo has been taken out already');
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.removePhoto',
        object: photo.auditId,
        before: { photoId, caption: photo.caption, sha256: photo.sha256 },
      });
    });
  }

  async photo(scope: Scope, photoId: string, response: Response): Promise<void> {
    const photo = await this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const found = await findPhoto(client, scope, photoId);
      if (!found) throw new AppError('notFound', `There is no photo ${photoId}`);
      await requireVisible(client, scope, found.auditId);
      return found;
    });
    response
      .type(photo.mediaType)
      .set({ 'content-length': String(photo.content.length), 'cache-control': 'private, max-age=86400' })
      .end(photo.content);
  }
}

/** Lists as the contract has them, which may be added to. */
const mutable = (content: AuditDossier): AuditDossierView['content'] => ({
  conduct: { ...content.conduct },
  texts: { ...content.texts },
  visits: content.visits.map((one) => ({ ...one })),
  buildings: content.buildings.map((one) => ({ ...one })),
  processes: content.processes.map((one) => ({ ...one })),
  transport: content.transport.map((one) => ({ ...one })),
  opportunities: content.opportunities.map((one) => ({ ...one })),
});

async function sitesOf(client: PoolClient, auditId: string): ReturnType<typeof auditSites> {
  const audit = await findAudit(client, auditId);
  return audit ? auditSites(client, audit.legalEntityId, { from: audit.periodFrom, to: audit.periodTo }) : [];
}

/** @throws AppError invalid, naming the field of a site that the audit does not have. */
async function checkSites(client: PoolClient, auditId: string, content: AuditDossier): Promise<void> {
  const known = new Set((await sitesOf(client, auditId)).map(({ id }) => id));
  const errors = (['visits', 'buildings', 'processes', 'opportunities'] as const).flatMap((list) =>
    content[list].flatMap(({ siteId }, i) =>
      siteId === null || known.has(siteId)
        ? []
        : [{ path: `content.${list}.${i}.siteId`, message: 'is no site of the audit' }],
    ),
  );
  const [first] = errors;
  if (first) throw new AppError('invalid', `${first.path}: ${first.message}`, { errors });
}
