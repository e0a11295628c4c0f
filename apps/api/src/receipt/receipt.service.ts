import { Injectable } from '@nestjs/common';
import type { OpenedReceipts, Permission, Receipt } from '@wattproof/contracts/api';
import type { Scope } from '@wattproof/database/queries';
import { parseReceiptId, type ReceiptKind, type ReceiptReference } from '@wattproof/evidence/receipt';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { auditReceipt } from './audit-receipt.ts';
import { billReceipt } from './bill-receipt.ts';
import { meterReceipt, siteCostReceipt, siteEnergyReceipt } from './energy-receipt.ts';
import { enpiReceipt } from './enpi-receipt.ts';
import { askFigure, figureReceipt } from './figure-receipt.ts';
import { meterDayReceipt } from './meter-day-receipt.ts';
import type { AskOwn } from './own-answer.ts';
import { readingReceipt } from './reading-receipt.ts';
import { completeReceipt, type ReceiptContent } from './receipt-form.ts';

/** What a receipt of a kind asks for beside the sight of its site. */
const permissionOf: Readonly<Record<ReceiptKind, Permission>> = {
  siteEnergy: 'site:read',
  siteCost: 'site:read',
  meterEnergy: 'site:read',
  meterDay: 'site:read',
  enpiSaving: 'performance:read',
  auditCoverage: 'audit:read',
  bill: 'money:read',
  reading: 'site:read',
  // The answer behind it asks for its own.
  figure: 'site:read',
};

@Injectable()
export class ReceiptService {
  constructor(private readonly resources: Resources) {}

  /** `ask` reads one of the API's own answers as the caller. */
  async open({ scope, permissions }: Caller, id: string, ask: AskOwn): Promise<Receipt> {
    const reference = parseReceiptId(id);
    if (!reference) throw new AppError('invalid', 'This is no reference of a receipt', { id });
    if (!permissions.has(permissionOf[reference.kind]))
      throw new AppError('forbidden', `This receipt needs the permission ${permissionOf[reference.kind]}`);
    // Before a connection is taken: the answer takes one of its own.
    const asked = reference.kind === 'figure' ? await askFigure(reference, ask) : null;
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const content = asked
        ? await figureReceipt(client, scope, asked)
        : await contentOf(client, scope, reference as StoredReference);
      return completeReceipt(id, reference.kind, content, new Date());
    });
  }

  /** Several receipts, one after the other; one that does not open says why and keeps none of the others back. */
  async openAll(caller: Caller, ids: readonly string[], ask: AskOwn): Promise<OpenedReceipts> {
    const receipts: OpenedReceipts['receipts'] = [];
    for (const id of ids)
      try {
        receipts.push({ id, receipt: await this.open(caller, id, ask), problem: null });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        receipts.push({ id, receipt: null, problem: { code: error.code, detail: error.message } });
      }
    return { receipts };
  }
}

type StoredReference = Exclude<ReceiptReference, { readonly kind: 'figure' }>;

function contentOf(client: PoolClient, scope: Scope, reference: StoredReference): Promise<ReceiptContent> {
  switch (reference.kind) {
    case 'siteEnergy':
      return siteEnergyReceipt(client, scope, reference);
    case 'siteCost':
      return siteCostReceipt(client, scope, reference);
    case 'meterEnergy':
      return meterReceipt(client, scope, reference);
    case 'meterDay':
      return meterDayReceipt(client, scope, reference);
    case 'enpiSaving':
      return enpiReceipt(client, scope, reference);
    case 'auditCoverage':
      return auditReceipt(client, scope, reference);
    case 'bill':
      return billReceipt(client, scope, reference);
    case 'reading':
      return readingReceipt(client, scope, reference);
  }
}
