import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  type BillDetail,
  type BillImport,
  type Bills,
  billDetail,
  billImport,
  billImports,
  bills,
  newBill,
  uuid,
} from '@wattproof/contracts/api';
import type { Response } from 'express';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { xlsxType } from '../device-catalogue/sheet-file.ts';
import { Endpoint } from '../http/endpoint.ts';
import { BillService } from './bill.service.ts';

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month written YYYY-MM');
const billsQuery = z.object({ from: month, to: month });
const importQuery = z.object({
  dryRun: z.enum(['true', 'false']).default('true'),
  fileName: z.string().trim().min(1).max(200).default('bills.csv'),
  /** Of an electronic bill: positions of the lines whose quantity is the energy, such as 1,3. */
  energyLines: z
    .string()
    .regex(/^\d{1,4}(,\d{1,4})*$/, 'positions such as 1,3')
    .optional(),
  /** Whether the supplier estimated it: EN 16931 has no word for that. */
  estimated: z.enum(['true', 'false']).default('false'),
  /** Why bills of signed-off months change. */
  reason: z.string().trim().max(500).default(''),
});

@ApiTags('Bills')
@Controller()
export class BillController {
  constructor(private readonly service: BillService) {}

  @Endpoint('GET /bills', {
    access: 'money:read',
    summary: 'Bills of some local months (inclusive, at most 36), and the matrix of delivery points × months',
    answer: bills,
  })
  list(
    @CalledBy() caller: Caller,
    @Query({ schema: billsQuery }) query: z.infer<typeof billsQuery>,
  ): Promise<Bills> {
    return this.service.list(caller.scope, query);
  }

  @Endpoint('GET /bill-imports', {
    access: 'money:read',
    summary: 'Files of bills that were sent, with what became of them; the latest 100',
    answer: billImports,
  })
  async listImports(@CalledBy() caller: Caller): Promise<{ billImports: BillImport[] }> {
    return { billImports: await this.service.listImports(caller.scope) };
  }

  @Endpoint('POST /bill-imports', {
    access: 'money:write',
    summary: 'Checks a table or an electronic bill (EN 16931), or takes it: as a whole or not at all',
    answer: billImport,
  })
  @ApiConsumes('text/csv', xlsxType, 'application/xml', 'application/pdf')
  @ApiBody({ schema: { type: 'string' }, description: 'Columns: docs/guides/import-bills.md' })
  import(
    @CalledBy() caller: Caller,
    @Query({ schema: importQuery }) query: z.infer<typeof importQuery>,
    @Body() content: unknown,
  ): Promise<BillImport> {
    return this.service.import(caller, {
      fileName: query.fileName,
      dryRun: query.dryRun === 'true',
      energyLines: query.energyLines?.split(',').map(Number) ?? null,
      isEstimated: query.estimated === 'true',
      reason: query.reason,
      content,
    });
  }

  @Endpoint('GET /bill-imports/:importId/file', {
    access: 'money:read',
    summary: 'The file of an import, byte for byte as it was sent',
    produces: 'application/octet-stream',
  })
  file(
    @CalledBy() caller: Caller,
    @Param('importId', { schema: uuid }) importId: string,
    @Res() response: Response,
  ): Promise<void> {
    return this.service.file(caller.scope, importId, response);
  }

  @Endpoint('GET /bills/:billId', {
    access: 'money:read',
    summary: 'One bill with its lines and the document it came in',
    answer: billDetail,
  })
  detail(@CalledBy() caller: Caller, @Param('billId', { schema: uuid }) billId: string): Promise<BillDetail> {
    return this.service.detail(caller.scope, billId);
  }

  @Endpoint('POST /bills', {
    access: 'money:write',
    status: 204,
    summary: 'Stores a bill typed into a form, checked as a line of a file is',
  })
  add(@CalledBy() caller: Caller, @Body({ schema: newBill }) body: z.output<typeof newBill>): Promise<void> {
    return this.service.add(caller, body);
  }
}
