import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  dismissProposal,
  type RebaselineProposal,
  raiseProposal,
  rebaselineProposal,
  rebaselineProposals,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { RebaselineService } from './rebaseline.service.ts';

const query = z.object({
  state: z.enum(['open', 'accepted', 'dismissed']).optional(),
  siteId: uuid.optional(),
});

@ApiTags('Performance')
@Controller()
export class RebaselineController {
  constructor(private readonly service: RebaselineService) {}

  @Endpoint('GET /rebaseline-proposals', {
    access: 'performance:read',
    summary: 'Reasons to look at a baseline again, newest first',
    answer: rebaselineProposals,
  })
  async list(
    @CalledBy() caller: Caller,
    @Query({ schema: query }) filter: z.infer<typeof query>,
  ): Promise<{ proposals: RebaselineProposal[] }> {
    return { proposals: await this.service.list(caller.scope, filter) };
  }

  @Endpoint('POST /enpis/:enpiId/rebaseline-proposals', {
    access: 'performance:write',
    summary: 'Proposes to re-baseline an EnPI, with a reason',
    answer: rebaselineProposal,
    status: 201,
  })
  raise(
    @CalledBy() caller: Caller,
    @Param('enpiId', { schema: uuid }) enpiId: string,
    @Body({ schema: raiseProposal }) body: z.output<typeof raiseProposal>,
  ): Promise<RebaselineProposal> {
    return this.service.raise(caller, enpiId, body);
  }

  @Endpoint('POST /rebaseline-proposals/:proposalId/dismissal', {
    access: 'performance:write',
    summary: 'Dismisses a proposal with a reason; the baseline stays',
    answer: rebaselineProposal,
  })
  dismiss(
    @CalledBy() caller: Caller,
    @Param('proposalId', { schema: uuid }) proposalId: string,
    @Body({ schema: dismissProposal }) body: z.output<typeof dismissProposal>,
  ): Promise<RebaselineProposal> {
    return this.service.dismiss(caller, proposalId, body);
  }
}
