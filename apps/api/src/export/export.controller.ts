import { Controller, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type IntervalsExportQuery,
  intervalsExportQuery,
  type ReadingsExportQuery,
  readingsExportQuery,
} from '@wattproof/contracts/api';
import type { Response } from 'express';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { ExportService } from './export.service.ts';

@ApiTags('Exports')
@Controller('exports')
export class ExportController {
  constructor(private readonly service: ExportService) {}

  @Endpoint('GET /readings', {
    access: 'data:export',
    summary: 'Raw readings of any meters and years as a file that is written while it is read',
    produces: 'text/csv',
  })
  readings(
    @CalledBy() caller: Caller,
    @Query({ schema: readingsExportQuery }) query: ReadingsExportQuery,
    @Res() response: Response,
  ): Promise<void> {
    return this.service.readings(caller, query, response);
  }

  @Endpoint('GET /intervals', {
    access: 'data:export',
    summary: 'Kept intervals of any meters and years as a file that is written while it is read',
    produces: 'text/csv',
  })
  intervals(
    @CalledBy() caller: Caller,
    @Query({ schema: intervalsExportQuery }) query: IntervalsExportQuery,
    @Res() response: Response,
  ): Promise<void> {
    return this.service.intervals(caller, query, response);
  }
}
