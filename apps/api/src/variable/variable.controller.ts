import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  changeStaticFactor,
  createStaticFactor,
  createVariable,
  type FileImport,
  fileImport,
  localDate,
  type RelevantVariable,
  type RelevantVariables,
  relevantVariable,
  relevantVariables,
  type StaticFactor,
  type StaticFactors,
  saveVariableValues,
  staticFactor,
  staticFactors,
  uuid,
  type VariableValues,
  variableValues,
} from '@wattproof/contracts/api';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { xlsxType } from '../device-catalogue/sheet-file.ts';
import { Endpoint } from '../http/endpoint.ts';
import { StaticFactorService } from './static-factor.service.ts';
import { VariableService } from './variable.service.ts';

const dates = z.object({ from: localDate, to: localDate });
export const fileQuery = z.object({
  dryRun: z.enum(['true', 'false']).default('true'),
  fileName: z.string().trim().min(1).max(200).default('values.csv'),
});

@ApiTags('Performance')
@Controller()
export class VariableController {
  constructor(
    private readonly variables: VariableService,
    private readonly factors: StaticFactorService,
  ) {}

  @Endpoint('GET /sites/:siteId/variables', {
    access: 'performance:read',
    summary: 'Relevant variables of a site with what is known of them',
    answer: relevantVariables,
  })
  list(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
  ): Promise<RelevantVariables> {
    return this.variables.list(caller.scope, siteId);
  }

  @Endpoint('POST /sites/:siteId/variables', {
    access: 'performance:write',
    summary: 'Registers a relevant variable: of a meter, of a weather station, or a series of its own',
    answer: relevantVariable,
    status: 201,
  })
  create(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Body({ schema: createVariable }) body: z.output<typeof createVariable>,
  ): Promise<RelevantVariable> {
    return this.variables.create(caller, siteId, body);
  }

  @Endpoint('GET /variables/:variableId/values', {
    access: 'performance:read',
    summary: 'Values of a relevant variable by local date, with their source',
    answer: variableValues,
  })
  values(
    @CalledBy() caller: Caller,
    @Param('variableId', { schema: uuid }) variableId: string,
    @Query({ schema: dates }) query: z.infer<typeof dates>,
  ): Promise<VariableValues> {
    return this.variables.values(caller.scope, variableId, query);
  }

  @Endpoint('PUT /variables/:variableId/values', {
    access: 'performance:write',
    summary: 'Records values of a series; what was recorded before is kept beside them',
    answer: variableValues,
  })
  record(
    @CalledBy() caller: Caller,
    @Param('variableId', { schema: uuid }) variableId: string,
    @Body({ schema: saveVariableValues }) body: z.output<typeof saveVariableValues>,
  ): Promise<VariableValues> {
    return this.variables.record(caller, variableId, body);
  }

  @Endpoint('POST /variables/:variableId/imports', {
    access: 'performance:write',
    summary: 'Checks a table of dates and values, or takes it: as a whole or not at all',
    answer: fileImport,
  })
  @ApiConsumes('text/csv', xlsxType)
  @ApiBody({ schema: { type: 'string' }, description: 'Columns `date` and `value`' })
  import(
    @CalledBy() caller: Caller,
    @Param('variableId', { schema: uuid }) variableId: string,
    @Query({ schema: fileQuery }) query: z.infer<typeof fileQuery>,
    @Body() content: unknown,
  ): Promise<FileImport> {
    return this.variables.import(caller, variableId, { ...query, dryRun: query.dryRun === 'true', content });
  }

  @Endpoint('GET /sites/:siteId/static-factors', {
    access: 'performance:read',
    summary: 'Static factors of a site as dated values',
    answer: staticFactors,
  })
  listFactors(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
  ): Promise<StaticFactors> {
    return this.factors.list(caller.scope, siteId);
  }

  @Endpoint('POST /sites/:siteId/static-factors', {
    access: 'performance:write',
    summary: 'Records a static factor with its first value',
    answer: staticFactor,
    status: 201,
  })
  createFactor(
    @CalledBy() caller: Caller,
    @Param('siteId', { schema: uuid }) siteId: string,
    @Body({ schema: createStaticFactor }) body: z.output<typeof createStaticFactor>,
  ): Promise<StaticFactor> {
    return this.factors.create(caller, siteId, body);
  }

  @Endpoint('POST /static-factors/:factorId/values', {
    access: 'performance:write',
    summary: 'Records that a static factor changed, which proposes to re-baseline the EnPIs it concerns',
    answer: staticFactor,
  })
  changeFactor(
    @CalledBy() caller: Caller,
    @Param('factorId', { schema: uuid }) factorId: string,
    @Body({ schema: changeStaticFactor }) body: z.output<typeof changeStaticFactor>,
  ): Promise<StaticFactor> {
    return this.factors.change(caller, factorId, body);
  }
}
