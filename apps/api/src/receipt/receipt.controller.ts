import { Controller, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Receipt, receipt } from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller, type CallingRequest } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { askAs } from './own-answer.ts';
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
}
