import { Body, Controller, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type OpenedReceipts,
  openedReceipts,
  openReceipts,
  type Receipt,
  receipt,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller, type CallingRequest } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { askAs, onceEach } from './own-answer.ts';
import { ReceiptService } from './receipt.service.ts';

const receiptId = z.string().min(3).max(900);

@ApiTags('Receipts')
@Controller()
export class ReceiptController {
  constructor(private readonly service: ReceiptService) {}

  @Endpoint('GET /receipts/:receiptId', {
    access: 'site:read',
    summary:
      'A figure computed again with everything behind it: formula, settings, prices, meters, days, readings, seal. Receipts of money, savings and audits ask for their own permission besides',
    answer: receipt,
  })
  open(
    @CalledBy() caller: Caller,
    @Param('receiptId', { schema: receiptId }) id: string,
    @Req() incoming: CallingRequest,
  ): Promise<Receipt> {
    return this.service.open(caller, id, askAs(incoming));
  }

  @Endpoint('POST /receipts', {
    access: 'site:read',
    status: 200,
    summary:
      'Opens several receipts at once; each answer that they stand in is computed once. Stores nothing',
    answer: openedReceipts,
  })
  openAll(
    @CalledBy() caller: Caller,
    @Body({ schema: openReceipts }) body: z.infer<typeof openReceipts>,
    @Req() incoming: CallingRequest,
  ): Promise<OpenedReceipts> {
    return this.service.openAll(caller, body.ids, onceEach(askAs(incoming)));
  }
}
