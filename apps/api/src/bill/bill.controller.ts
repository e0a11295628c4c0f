import { Body, Controller, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { type BillImport, type Bills, billImport, billImports, bills } from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { BillService } from './bill.service.ts';

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month written YYYY-MM');
const billsQuery = z.object({ from: month, to: month });
const importQuery = z.object({
  dryRun: z.enum(['true', 'false']).default('true'),
  fileName: z.string().trim().min(1).max(200).default('bills.csv'),
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
    summary: 'Checks a CSV file of bills, or takes it: as a whole or not at all',
    answer: billImport,
  })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string' }, description: 'Columns: docs/guides/import-bills.md' })
  import(
    @CalledBy() caller: Caller,
    @Query({ schema: importQuery }) query: z.infer<typeof importQuery>,
    @Body() content: unknown,
  ): Promise<BillImport> {
    return this.service.import(caller, { ...query, dryRun: query.dryRun === 'true', content });
  }
}
