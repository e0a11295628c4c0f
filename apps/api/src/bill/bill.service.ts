import { Injectable } from '@nestjs/common';
import type { BillDetail, BillImport, Bills, newBill } from '@wattproof/contracts/api';
import { addBill, importBills } from '@wattproof/database';
import {
  type BillRow,
  type DeliveryPointRow,
  findBill,
  findBillFile,
  listBillImports,
  listBillLines,
  listBills,
  listDeliveryPoints,
  listMeters,
  listSites,
  recordEventBy,
  type Scope,
  type SiteRow,
} from '@wattproof/database/queries';
import { addDays, type LocalDate, localDate } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { Response } from 'express';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { attachment } from '../audit/document.service.ts';
import { readSheet } from '../device-catalogue/sheet-file.ts';
import { amountOf, consumptionOf, type MeterConsumption } from '../figure/consumption.ts';
import { Resources } from '../resources.ts';
import { billCells } from './bill-cells.ts';
import { pricePerMwh } from './price.ts';

const longest_months = 36;
const day_ms = 86_400_000;

@Injectable()
export class BillService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, wish: { readonly from: string; readonly to: string }): Promise<Bills> {
    const months = monthsFrom(wish.from, wish.to);
    const from = `${wish.from}-01`;
    const to = firstOfNextMonth(wish.to);
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const points = await listDeliveryPoints(client, scope);
      const rows = await listBills(client, scope, { from, to });
      const metered = await meteredEnergy(client, scope, points, rows);
      const cells = billCells(points, rows, { from, to, months });
      const pointById = new Map(points.map((point) => [point.id, point]));
      return {
        ...wish,
        months,
        bills: rows.flatMap(({ currency, amountExVat, ...bill }) => {
          const point = pointById.get(bill.deliveryPointId);
          if (!point) return [];
          return [
            {
              ...bill,
              deliveryPointName: point.name,
              siteName: point.siteName,
              carrier: point.carrier,
              amountExVat: { amount: amountExVat, currency },
              metered_kwh: metered.get(bill.id) ?? null,
              pricePerMwh: pricePerMwh(amountExVat, bill.energy_kwh),
            },
          ];
        }),
        deliveryPoints: points.map((point) => ({ ...point, cells: cells.get(point.id) ?? [] })),
      };
    });
  }

  listImports(scope: Scope): Promise<BillImport[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) =>
      (await listBillImports(client, scope)).map(({ rejections, importedAt, ...row }) => ({
        ...row,
        preview: [],
        dryRun: false,
        unchanged: rejections.length === 0 ? row.rows - row.stored : 0,
        rejected: [...rejections],
        importedAt: importedAt.toISOString(),
      })),
    );
  }

  import(
    caller: Caller,
    wish: {
      readonly dryRun: boolean;
      readonly fileName: string;
      readonly energyLines: readonly number[] | null;
      readonly isEstimated: boolean;
      readonly reason: string;
      readonly content: unknown;
    },
  ): Promise<BillImport> {
    const { content, ...rest } = wish;
    if (!Buffer.isBuffer(content) || content.length === 0)
      throw new AppError(
        'invalid',
        'The body must be a file: text/csv, a workbook (xlsx), application/xml or application/pdf',
      );
    const { scope } = caller;
    const isWorkbook = content[0] === 0x50 && content[1] === 0x4b;
    const sheet = isWorkbook ? readSheet(content) : undefined;
    return this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const outcome = await importBills(client, {
        ...rest,
        organisationId: scope.organisationId,
        siteIds: scope.siteIds,
        content,
        ...(sheet ? { sheet } : {}),
        importedBy: caller.name,
        today: latestToday(),
      });
      return {
        ...outcome,
        fileName: wish.fileName,
        dryRun: wish.dryRun,
        rejected: [...outcome.rejected],
        importedAt: outcome.importedAt?.toISOString() ?? null,
        importedBy: outcome.importedAt ? caller.name : null,
        preview: outcome.preview.map((bill) => ({
          row: bill.row,
          deliveryPointId: bill.deliveryPointId,
          number: bill.number,
          kind: bill.kind,
          periodFrom: bill.periodFrom,
          periodTo: bill.periodTo,
          quantity: bill.quantity,
          unit: bill.unit,
          energy_kwh: bill.energy_kwh,
          amountExVat: { amount: bill.amountExVat, currency: bill.currency },
          estimated: bill.estimated,
          lines: [...bill.lines],
        })),
      };
    });
  }

  async add(caller: Caller, bill: z.output<typeof newBill>): Promise<void> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const faults = await addBill(client, {
        organisationId: scope.organisationId,
        siteIds: scope.siteIds,
        today: latestToday(),
        createdBy: name,
        reason: bill.reason,
        lines: [],
        cells: {
          delivery_point: bill.deliveryPoint,
          number: bill.number,
          period_from: bill.periodFrom,
          period_to: bill.periodTo,
          quantity: bill.quantity,
          unit: bill.unit,
          amount_ex_vat: bill.amountExVat,
          currency: bill.currency,
          estimated: bill.estimated ? 'yes' : 'no',
          calorific_basis: bill.calorificBasis ?? '',
          energy_kwh: bill.energy_kwh ?? '',
          kind: bill.kind,
          corrects: bill.corrects,
          issued_on: bill.issuedOn ?? '',
          vat_amount: bill.vatAmount ?? '',
          amount_inc_vat: '',
        },
      });
      const [first] = faults;
      if (first)
        throw new AppError('invalid', `${first.column}: ${first.message}`, {
          errors: faults.map(({ column, message }) => ({ path: column, message })),
        });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'bill.create',
        object: `${bill.deliveryPoint} ${bill.number}`,
        after: bill,
      });
    });
  }

  detail(scope: Scope, billId: string): Promise<BillDetail> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const found = await findBill(client, scope, billId);
      if (!found) throw new AppError('notFound', `There is no bill ${billId}`);
      const { amountExVat, currency, code, timeZone: _, fileName, mediaType, fileSha256, ...bill } = found;
      return {
        ...bill,
        deliveryPointCode: code,
        amountExVat: { amount: amountExVat, currency },
        lines: await listBillLines(client, scope, billId),
        document:
          bill.importId && fileName !== null && mediaType !== null && fileSha256 !== null
            ? { importId: bill.importId, fileName, mediaType, sha256: fileSha256 }
            : null,
      };
    });
  }

  async file(scope: Scope, importId: string, response: Response): Promise<void> {
    const file = await this.resources.database.readOrganisation(scope.organisationId, (client) =>
      findBillFile(client, scope, importId),
    );
    if (!file) throw new AppError('notFound', `There is no import ${importId}`);
    response
      .type(file.mediaType)
      .set({
        'content-disposition': attachment(file.fileName),
        'content-length': String(file.content.length),
      })
      .end(file.content);
  }
}

/** The latest date anywhere: a bill that begins today is not in the future at any site. */
const latestToday = (): LocalDate => localDate('Pacific/Kiritimati', Date.now());

/** @throws AppError invalid where the months are backwards or too many. */
export function monthsFrom(from: string, to: string): string[] {
  const months: string[] = [];
  for (
    let month = from;
    month <= to && months.length <= longest_months;
    month = firstOfNextMonth(month).slice(0, 7)
  )
    months.push(month);
  if (months.length === 0) throw new AppError('invalid', 'from must not lie after to');
  if (months.length > longest_months) throw new AppError('invalid', `At most ${longest_months} months`);
  return months;
}

export function firstOfNextMonth(month: string): LocalDate {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

/**
 * Energy that a site's main meters saw over the days of each bill, kWh. Left out where the site has no main meter of the
 * carrier, or several delivery points of it (whose meters would have to be told apart), or where a day is not known.
 */
async function meteredEnergy(
  client: PoolClient,
  scope: Scope,
  points: readonly DeliveryPointRow[],
  bills: readonly BillRow[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (bills.length === 0) return found;
  const sites = new Map((await listSites(client, scope)).map((site) => [site.id, site]));
  const mains = (await listMeters(client, scope, {})).filter((m) => m.role === 'main');
  const [earliest = ''] = bills.map((bill) => bill.periodFrom).sort();
  const latest =
    bills
      .map((bill) => bill.periodTo)
      .sort()
      .at(-1) ?? '';
  const consumptions = await consumptionOf(client, scope, 'day', {
    meters: mains,
    // A day of slack on each side: local midnights lie up to 14 hours from those of UTC.
    from: new Date(Date.parse(earliest) - day_ms),
    to: new Date(Date.parse(latest) + day_ms),
  });
  for (const bill of bills) {
    const point = points.find((p) => p.id === bill.deliveryPointId);
    const site = point?.siteId ? sites.get(point.siteId) : undefined;
    if (!point || !site) continue;
    if (points.filter((p) => p.siteId === site.id && p.carrier === point.carrier).length > 1) continue;
    const seen = consumptions.filter((c) => c.meter.siteId === site.id && c.meter.carrier === point.carrier);
    const energy_kwh = energyOfDays(seen, site, bill);
    if (energy_kwh !== null) found.set(bill.id, energy_kwh);
  }
  return found;
}

function energyOfDays(
  consumptions: readonly MeterConsumption[],
  site: SiteRow,
  bill: Pick<BillRow, 'periodFrom' | 'periodTo'>,
): string | null {
  const days: string[] = [];
  for (let date = bill.periodFrom; date < bill.periodTo; date = addDays(date, 1)) days.push(date);
  const within = consumptions.map((c) => ({
    ...c,
    rows: c.rows.filter((row) => {
      const date = localDate(site.timeZone, row.start_ms);
      return date >= bill.periodFrom && date < bill.periodTo && row.delta !== null;
    }),
  }));
  if (within.length === 0 || within.some((c) => c.rows.length < days.length)) return null;
  const { energy_wh } = amountOf(within);
  return energy_wh === null ? null : (energy_wh / 1_000).toFixed(3);
}
