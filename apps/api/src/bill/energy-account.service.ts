import { Injectable } from '@nestjs/common';
import type { AccountRowView, NewAccountRow } from '@wattproof/contracts/api';
import {
  createEnergyRow,
  createPoint,
  endPoint,
  isEntityVisible,
  listDeliveryPoints,
  listEnergyRows,
  listMeters,
  listSites,
  type NewPoint,
  overlappingPoints,
  recordEventBy,
  removeEnergyRow,
  type Scope,
} from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

/** Delivery points and rows of the energy account: who owns what energy, from when to when, by which source. */
@Injectable()
export class EnergyAccountService {
  constructor(private readonly resources: Resources) {}

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
      const across = await endPoint(client, scope, { id: pointId, on: wish.on });
      if (across.length > 0)
        throw new AppError(
          'conflict',
          `Bills reach over ${wish.on}: ${across.slice(0, 10).join(', ')}; each must end with a reading on that day`,
          { bills: across },
        );
      const taken = wish.legalEntityId
        ? await createPoint(client, scope, {
            ...point,
            legalEntityId: wish.legalEntityId,
            validFrom: wish.on,
          })
        : null;
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

async function requireEntity(client: PoolClient, scope: Scope, id: string): Promise<void> {
  if (!(await isEntityVisible(client, scope, id)))
    throw new AppError('notFound', `There is no legal entity ${id}`);
}

async function requireSite(client: PoolClient, scope: Scope, id: string): Promise<void> {
  if (!(await listSites(client, scope)).some((site) => site.id === id))
    throw new AppError('notFound', `There is no site ${id}`);
}
