import { Controller, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Portfolio, portfolio } from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { PortfolioService } from './portfolio.service.ts';

const query = z.object({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month written YYYY-MM')
    .optional(),
});

@ApiTags('Portfolio')
@Controller('portfolio')
export class PortfolioController {
  constructor(private readonly service: PortfolioService) {}

  @Endpoint('GET /', {
    access: 'portfolio:read',
    summary: 'Which legal entity or site needs attention: a month of all sites, audits, savings, alarms',
    answer: portfolio,
  })
  read(
    @CalledBy() caller: Caller,
    @Query({ schema: query }) { month }: z.infer<typeof query>,
  ): Promise<Portfolio> {
    return this.service.read(caller, month);
  }
}
