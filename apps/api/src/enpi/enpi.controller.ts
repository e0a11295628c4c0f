import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type Candidates,
  candidates,
  carrier,
  decideEnb,
  type EnbRegister,
  type EnbVersion,
  type EnergyTarget,
  type EnpiDetail,
  type EnpiPerformance,
  type EnpiSummary,
  enbRegister,
  enbVersion,
  energyTarget,
  enpiDetail,
  enpiPerformance,
  enpiSummary,
  enpis,
  findCandidates,
  type PerformanceSum,
  performanceSum,
  proposeEnb,
  saveEnergyTarget,
  saveEnpi,
  uuid,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { CandidateService } from './candidate.service.ts';
import { EnbService } from './enb.service.ts';
import { EnpiService } from './enpi.service.ts';
import { EnpiDefinitionService } from './enpi-definition.service.ts';
import { PerformanceSumService } from './performance-sum.service.ts';

const sumQuery = z.object({
  energy: z.enum(['final', 'primary']).default('final'),
  /** Several, separated by commas. */
  siteIds: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(uuid).max(500))
    .optional(),
  carrier: carrier.optional(),
});

@ApiTags('Performance')
@Controller()
export class EnpiController {
  constructor(
    private readonly service: EnpiService,
    private readonly definitions: EnpiDefinitionService,
    private readonly enbs: EnbService,
    private readonly models: CandidateService,
    private readonly sums: PerformanceSumService,
  ) {}

  @Endpoint('GET /enpis', {
    access: 'performance:read',
    summary: 'EnPIs with their savings',
    answer: enpis,
  })
  async list(@CalledBy() caller: Caller): Promise<{ enpis: EnpiSummary[] }> {
    return { enpis: await this.service.list(caller.scope) };
  }

  @Endpoint('GET /performance', {
    access: 'performance:read',
    summary: 'EnPIs added in one unit, final or primary energy; percentages are never averaged',
    answer: performanceSum,
  })
  sum(
    @CalledBy() caller: Caller,
    @Query({ schema: sumQuery }) query: z.output<typeof sumQuery>,
  ): Promise<PerformanceSum> {
    return this.sums.read(caller.scope, query);
  }

  @Endpoint('POST /enpis', {
    access: 'performance:write',
    summary: 'Defines an EnPI; its first baseline is fitted and proposed',
    answer: enpiSummary,
    status: 201,
  })
  create(
    @CalledBy() caller: Caller,
    @Body({ schema: saveEnpi }) body: z.output<typeof saveEnpi>,
  ): Promise<EnpiSummary> {
    return this.definitions.create(caller, body);
  }

  @Endpoint('GET /enpis/:enpiId', {
    access: 'performance:read',
    summary: 'One EnPI: baseline model, candidates, months, days with CUSUM',
    answer: enpiDetail,
  })
  detail(@CalledBy() caller: Caller, @Param('enpiId', { schema: uuid }) enpiId: string): Promise<EnpiDetail> {
    return this.service.detail(caller.scope, enpiId);
  }

  @Endpoint('PUT /enpis/:enpiId', {
    access: 'performance:write',
    summary:
      'Defines an EnPI otherwise; another version of its baseline is proposed, the approved one stays in force',
    answer: enpiSummary,
  })
  replace(
    @CalledBy() caller: Caller,
    @Param('enpiId', { schema: uuid }) enpiId: string,
    @Body({ schema: saveEnpi }) body: z.output<typeof saveEnpi>,
  ): Promise<EnpiSummary> {
    return this.definitions.replace(caller, enpiId, body);
  }

  @Endpoint('GET /enpis/:enpiId/performance', {
    access: 'performance:read',
    summary: 'Performance by every method with its uncertainty, running sums, changes and targets',
    answer: enpiPerformance,
  })
  performance(
    @CalledBy() caller: Caller,
    @Param('enpiId', { schema: uuid }) enpiId: string,
  ): Promise<EnpiPerformance> {
    return this.definitions.performance(caller.scope, enpiId);
  }

  @Endpoint('POST /enpis/:enpiId/targets', {
    access: 'performance:write',
    summary: 'Sets a target: a saving of the expected energy over a period',
    answer: energyTarget,
    status: 201,
  })
  addTarget(
    @CalledBy() caller: Caller,
    @Param('enpiId', { schema: uuid }) enpiId: string,
    @Body({ schema: saveEnergyTarget }) body: z.output<typeof saveEnergyTarget>,
  ): Promise<EnergyTarget> {
    return this.definitions.addTarget(caller, enpiId, body);
  }

  @Endpoint('DELETE /enpis/:enpiId/targets/:targetId', {
    access: 'performance:write',
    summary: 'Withdraws a target; it stays in the record',
    status: 204,
  })
  withdrawTarget(
    @CalledBy() caller: Caller,
    @Param('enpiId', { schema: uuid }) enpiId: string,
    @Param('targetId', { schema: uuid }) targetId: string,
  ): Promise<void> {
    return this.definitions.withdrawTarget(caller, enpiId, targetId);
  }

  @Endpoint('POST /enb-candidates', {
    access: 'performance:read',
    summary: 'Ranked models for a choice of meters, variables and periods; nothing is stored',
    answer: candidates,
  })
  candidates(
    @CalledBy() caller: Caller,
    @Body({ schema: findCandidates }) body: z.output<typeof findCandidates>,
  ): Promise<Candidates> {
    return this.models.find(caller.scope, body);
  }

  @Endpoint('GET /enpis/:enpiId/enbs', {
    access: 'performance:read',
    summary: 'Register of the baseline: every version with its fit, who proposed and who decided',
    answer: enbRegister,
  })
  register(
    @CalledBy() caller: Caller,
    @Param('enpiId', { schema: uuid }) enpiId: string,
  ): Promise<EnbRegister> {
    return this.enbs.register(caller.scope, enpiId);
  }

  @Endpoint('POST /enpis/:enpiId/enbs', {
    access: 'performance:write',
    summary: 'Fits a choice and proposes it as the next version of the baseline',
    answer: enbVersion,
    status: 201,
  })
  propose(
    @CalledBy() caller: Caller,
    @Param('enpiId', { schema: uuid }) enpiId: string,
    @Body({ schema: proposeEnb }) body: z.output<typeof proposeEnb>,
  ): Promise<EnbVersion> {
    return this.enbs.propose(caller, enpiId, body);
  }

  @Endpoint('POST /enpis/:enpiId/enbs/:enbId/decision', {
    access: 'performance:write',
    summary: 'Approves a proposed baseline, which retires the one in force, or refuses it',
    answer: enbVersion,
  })
  decide(
    @CalledBy() caller: Caller,
    @Param('enpiId', { schema: uuid }) enpiId: string,
    @Param('enbId', { schema: uuid }) enbId: string,
    @Body({ schema: decideEnb }) body: z.output<typeof decideEnb>,
  ): Promise<EnbVersion> {
    return this.enbs.decide(caller, { enpiId, enbId }, body);
  }
}
