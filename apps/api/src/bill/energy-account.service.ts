import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type {
  AccountRowImport,
  AccountRowView,
  EnergyAccount,
  NewAccountRow,
} from '@wattproof/contracts/api';
import { readTableFile, readTableSheet } from '@wattproof/database';
import {
  createEnergyRow,
  createPoint,
  type DeliveryPointRow,
  documentsAcross,
  endPoint,
  handOverRows,
  handOverSite,
  isEntityVisible,
  listDeliveryPoints,
  listEnergyRows,
  listLegalEntities,
  listMeters,
  listSiteHandOvers,
  listSites,
  type NewPoint,
  overlappingPoints,
  recordEventBy,
  removeEnergyRow,
  type Scope,
} from '@wattproof/database/queries';
import { carriers } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { readSheet } from '../device-catalogue/sheet-file.ts';
import { Resources } from '../resources.ts';
import { accountRowForm, accountRowKey, readAccountRow, repeatedRows } from './account-row-file.ts';

/** Rejections told; a table with more faults is wrong as a whole. */
const rejectionLimit = 1_000;

/** Delivery points and rows of the energy account: who owns what energy, from when to when, by which source. */
@Injectable()
export class EnergyAccountService {
  constructor(private readonly resources: Resources) {}

  account(scope: Scope): Promise<EnergyAccount> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => ({
      legalEntities: (await listLegalEntities(client, scope)).map(({ id, name, country }) => ({
        id,
        name,
        country,
      })),
      sites: (await listSites(client, scope)).map(({ id, name, legalEntityId }) => ({
        id,
        name,
        legalEntityId,
      })),
      // Meters of weather and production carry no energy.
      meters: (await listMeters(client, scope, {})).flatMap(({ id, siteId, name, measurand, ...meter }) => {
        const carrier = carriers.find((one) => one === meter.carrier);
        return measurand !== null && carrier && carrier !== 'water' ? [{ id, siteId, name, carrier }] : [];
      }),
      deliveryPoints: await listDeliveryPoints(client, scope),
      accountRows: await listEnergyRows(client, scope),
      siteHandOvers: await listSiteHandOvers(client, scope),
    }));
  }

  async handOverSite(
    caller: Caller,
    siteId: string,
    { on, legalEntityId: toEntityId }: { readonly on: string; readonly legalEntityId: string },
  ): Promise<EnergyAccount> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const site = (await listSites(client, scope)).find(({ id }) => id === siteId);
      if (!site) throw new AppError('notFound', `There is no site ${siteId}`);
      await requireEntity(client, scope, toEntityId);
      const fromEntityId = site.legalEntityId;
      if (toEntityId === fromEntityId)
        throw new AppError('invalid', 'legalEntityId: the site belongs to it already');
      const earlier = (await listSiteHandOvers(client, scope)).filter((one) => one.siteId === siteId);
      const latest = earlier.at(-1);
      if (latest && on <= latest.on)
        throw new AppError('invalid', `on: must lie after ${latest.on}, when the site was handed over last`);
      const documents = await documentsAcross(client, scope, { siteId, on });
      if (documents.length > 0)
        throw new AppError(
          'conflict',
          `Rows of documents reach over ${on}: ${documents.slice(0, 10).join(', ')}; divide each of them first`,
          { documents },
        );
      const points = (await listDeliveryPoints(client, scope)).filter(
        (point) => point.siteId === siteId && point.legalEntityId === fromEntityId,
      );
      for (const point of points.filter(({ validTo }) => validTo === null || validTo > on))
        await passPoint(client, scope, point, { on, legalEntityId: toEntityId });
      await handOverRows(client, scope, { siteId, fromEntityId, toEntityId, on, by: name });
      await handOverSite(client, scope, { siteId, fromEntityId, toEntityId, on, by: name });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'site.handOver',
        object: siteId,
        before: { legalEntityId: fromEntityId },
        after: { legalEntityId: toEntityId, on },
      });
    });
    return this.account(scope);
  }

  rows(scope: Scope): Promise<{ accountRows: AccountRowView[] }> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => ({
      accountRows: await listEnergyRows(client, scope),
    }));
  }

  async addRow(caller: Caller, row: NewAccountRow): Promise<{ accountRows: AccountRowView[] }> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireEntity(client, scope, row.legalEntityId);
      if (row.counterpartEntityId) await requireEntity(client, scope, row.counterpartEntityId);
      if (row.siteId) await requireSite(client, scope, row.siteId);
      if (row.meterId !== null) {
        const meters = await listMeters(client, scope, {});
        if (!meters.some(({ id }) => id === row.meterId))
          throw new AppError('notFound', `There is no meter ${row.meterId}`);
      }
      const id = await createEnergyRow(client, scope, { ...row, createdBy: name });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'energyAccount.addRow',
        object: id,
        after: row,
      });
    });
    return this.rows(scope);
  }

  /** All rows of a table, or, where any of them is rejected, none. Rows that stand in the account already are left alone. */
  importRows(
    caller: Caller,
    wish: { readonly fileName: string; readonly dryRun: boolean; readonly content: unknown },
  ): Promise<AccountRowImport> {
    const { content, fileName, dryRun } = wish;
    if (!Buffer.isBuffer(content) || content.length === 0)
      throw new AppError('invalid', 'The body must be a table: text/csv or a workbook (xlsx)');
    const isWorkbook = content[0] === 0x50 && content[1] === 0x4b;
    const file = isWorkbook
      ? readTableSheet(readSheet(content), accountRowForm)
      : readTableFile(content, accountRowForm);
    const { scope, name } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const names = {
        legalEntities: await listLegalEntities(client, scope),
        sites: await listSites(client, scope),
        meters: await listMeters(client, scope, {}),
      };
      const read = file.lines.map((line) => readAccountRow(line, names));
      const rows = read.flatMap((one) => ('wish' in one ? [one] : []));
      const rejected = [
        ...file.rejections,
        ...read.flatMap((one) => ('wish' in one ? [] : one)),
        ...repeatedRows(rows),
      ].sort((a, b) => a.row - b.row);
      const known = new Set((await listEnergyRows(client, scope)).map(accountRowKey));
      const fresh = rows.filter(({ wish: row }) => !known.has(accountRowKey(row)));
      const isWhole = rejected.length === 0;
      if (isWhole && !dryRun && fresh.length > 0) {
        const ids: string[] = [];
        for (const { wish: row } of fresh)
          ids.push(await createEnergyRow(client, scope, { ...row, createdBy: name }));
        const sha256 = createHash('sha256').update(content).digest('hex');
        await recordEventBy(client, scope, {
          actor: name,
          action: 'energyAccount.importRows',
          object: fileName,
          after: { sha256, rows: fresh.map(({ wish: row }, i) => ({ id: ids[i], ...row })) },
        });
      }
      return {
        fileName,
        dryRun,
        rows: file.lines.length,
        stored: isWhole ? fresh.length : 0,
        unchanged: rows.length - fresh.length,
        rejected: rejected.slice(0, rejectionLimit),
      };
    });
  }

  async removeRow(caller: Caller, rowId: string): Promise<void> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const before = await removeEnergyRow(client, scope, rowId);
      if (!before) throw new AppError('notFound', `There is no row ${rowId} of the energy account`);
      await recordEventBy(client, scope, {
        actor: name,
        action: 'energyAccount.removeRow',
        object: rowId,
        before,
      });
    });
  }

  addPoint(caller: Caller, point: NewPoint): Promise<{ ids: string[] }> {
    const { scope, name } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await requireEntity(client, scope, point.legalEntityId);
      if (point.siteId) await requireSite(client, scope, point.siteId);
      else if (scope.siteIds !== null)
        throw new AppError('forbidden', 'A delivery point without a site is for members of all sites');
      if ((await overlappingPoints(client, scope, point)).length > 0)
        throw new AppError(
          'conflict',
          `A delivery point of the code ${point.code} is in use on ${point.validFrom} or later; hand it over instead`,
        );
      const id = await createPoint(client, scope, point);
      await recordEventBy(client, scope, {
        actor: name,
        action: 'deliveryPoint.create',
        object: id,
        after: point,
      });
      return { ids: [id] };
    });
  }

  handOver(
    caller: Caller,
    pointId: string,
    wish: { readonly on: string; readonly legalEntityId: string | null },
  ): Promise<{ ids: string[] }> {
    const { scope, name } = caller;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const point = (await listDeliveryPoints(client, scope)).find(({ id }) => id === pointId);
      if (!point) throw new AppError('notFound', `There is no delivery point ${pointId}`);
      if (wish.legalEntityId) await requireEntity(client, scope, wish.legalEntityId);
      if (wish.on <= point.validFrom || (point.validTo !== null && wish.on >= point.validTo))
        throw new AppError('invalid', 'on: must lie within the validity of the delivery point');
      if (wish.legalEntityId === point.legalEntityId)
        throw new AppError('invalid', 'legalEntityId: the delivery point belongs to it already');
      const taken = await passPoint(client, scope, point, wish);
      await recordEventBy(client, scope, {
        actor: name,
        action: 'deliveryPoint.handOver',
        object: pointId,
        before: { legalEntityId: point.legalEntityId, validTo: point.validTo },
        after: { ...wish, deliveryPointId: taken },
      });
      return { ids: [pointId, ...(taken ? [taken] : [])] };
    });
  }
}

/**
 * Ends a point on a day; another entity, or none, takes it on.
 * @throws AppError conflict where a bill reaches over the day.
 */
async function passPoint(
  client: PoolClient,
  scope: Scope,
  point: DeliveryPointRow,
  wish: { readonly on: string; readonly legalEntityId: string | null },
): Promise<string | null> {
  if (point.validFrom >= wish.on)
    throw new AppError(
      'conflict',
      `The delivery point ${point.code} begins on ${point.validFrom}, not before ${wish.on}`,
    );
  const across = await endPoint(client, scope, { id: point.id, on: wish.on });
  if (across.length > 0)
    throw new AppError(
      'conflict',
      `Bills reach over ${wish.on}: ${across.slice(0, 10).join(', ')}; each must end with a reading on that day`,
      { bills: across },
    );
  if (wish.legalEntityId === null) return null;
  return createPoint(client, scope, { ...point, legalEntityId: wish.legalEntityId, validFrom: wish.on });
}

async function requireEntity(client: PoolClient, scope: Scope, id: string): Promise<void> {
  if (!(await isEntityVisible(client, scope, id)))
    throw new AppError('notFound', `There is no legal entity ${id}`);
}

async function requireSite(client: PoolClient, scope: Scope, id: string): Promise<void> {
  if (!(await listSites(client, scope)).some((site) => site.id === id))
    throw new AppError('notFound', `There is no site ${id}`);
}
