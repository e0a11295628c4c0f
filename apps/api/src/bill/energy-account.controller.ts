import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  type AccountRowImport,
  type AccountRowView,
  accountRowImport,
  accountRows,
  deliveryPointIds,
  type EnergyAccount,
  energyAccount,
  handOver,
  type NewAccountRow,
  newAccountRow,
  newDeliveryPoint,
  siteHandOver,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { xlsxType } from '../device-catalogue/sheet-file.ts';
import { Endpoint } from '../http/endpoint.ts';
import { EnergyAccountService } from './energy-account.service.ts';

const importQuery = z.object({
  dryRun: z.enum(['true', 'false']).default('true'),
  fileName: z.string().trim().min(1).max(200).default('rows.csv'),
});

@ApiTags('Energy account')
@Controller()
export class EnergyAccountController {
  constructor(private readonly service: EnergyAccountService) {}

  @Endpoint('GET /energy-account', {
    access: 'audit:read',
    summary: 'Delivery points with their validity, rows that no bill states, and whose site it was when',
    answer: energyAccount,
  })
  account(@CalledBy() caller: Caller): Promise<EnergyAccount> {
    return this.service.account(caller.scope);
  }

  @Endpoint('POST /sites/:siteId/hand-over', {
    access: 'audit:write',
    summary: 'From a day on a site belongs to another legal entity, with its delivery points and meters',
    answer: energyAccount,
  })
  handOverSite(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Body({ schema: siteHandOver }) body: z.infer<typeof siteHandOver>,
  ): Promise<EnergyAccount> {
    return this.service.handOverSite(caller, siteId, body);
  }

  @Endpoint('GET /account-rows', {
    access: 'audit:read',
    summary: 'Rows of the energy account that no bill states: own generation, energy passed on, …',
    answer: accountRows,
  })
  rows(@CalledBy() caller: Caller): Promise<{ accountRows: AccountRowView[] }> {
    return this.service.rows(caller.scope);
  }

  @Endpoint('POST /account-rows', {
    access: 'audit:write',
    status: 201,
    summary: 'Adds a row of the energy account, dated and with its source',
    answer: accountRows,
  })
  addRow(
    @CalledBy() caller: Caller,
    @Body({ schema: newAccountRow }) body: NewAccountRow,
  ): Promise<{ accountRows: AccountRowView[] }> {
    return this.service.addRow(caller, body);
  }

  @Endpoint('POST /account-row-imports', {
    access: 'audit:write',
    summary:
      'Checks a table of account rows (CSV, a workbook, or pasted), or takes it: as a whole or not at all',
    answer: accountRowImport,
  })
  @ApiConsumes('text/csv', xlsxType)
  @ApiBody({ schema: { type: 'string' }, description: 'Columns: docs/guides/import-account-rows.md' })
  importRows(
    @CalledBy() caller: Caller,
    @Query({ schema: importQuery }) query: z.infer<typeof importQuery>,
    @Body() content: unknown,
  ): Promise<AccountRowImport> {
    return this.service.importRows(caller, {
      fileName: query.fileName,
      dryRun: query.dryRun === 'true',
      content,
    });
  }

  @Endpoint('DELETE /account-rows/:accountRowId', {
    access: 'audit:write',
    status: 204,
    summary: 'Removes a row of the energy account; the trace keeps it',
  })
  removeRow(
    @CalledBy() caller: Caller,
    @Param('accountRowId', { schema: uuid }) rowId: string,
  ): Promise<void> {
    return this.service.removeRow(caller, rowId);
  }

  @Endpoint('POST /delivery-points', {
    access: 'money:write',
    status: 201,
    summary: 'Registers where energy is bought: PRM, PCE, CUPS, MaLo, tank, fuel card',
    answer: deliveryPointIds,
  })
  addPoint(
    @CalledBy() caller: Caller,
    @Body({ schema: newDeliveryPoint }) body: z.infer<typeof newDeliveryPoint>,
  ): Promise<{ ids: string[] }> {
    return this.service.addPoint(caller, body);
  }

  @Endpoint('POST /delivery-points/:deliveryPointId/hand-over', {
    access: 'money:write',
    summary: 'Ends a delivery point on a day; another legal entity takes it on from that day, or nobody',
    answer: deliveryPointIds,
  })
  handOver(
    @CalledBy() caller: Caller,
    @Param('deliveryPointId', { schema: uuid }) pointId: string,
    @Body({ schema: handOver }) body: z.infer<typeof handOver>,
  ): Promise<{ ids: string[] }> {
    return this.service.handOver(caller, pointId, body);
  }
}
