import { Body, Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  changeRetention,
  type JobRun,
  jobRun,
  type Retention,
  type RetentionPlan,
  retention,
  retentionPlan,
  type Storage,
  storage,
} from '@wattproof/contracts/api';
import type { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { RetentionService } from './retention.service.ts';
import { StorageService } from './storage.service.ts';

@ApiTags('Storage')
@Controller()
export class StorageController {
  constructor(
    private readonly service: StorageService,
    private readonly retentionService: RetentionService,
  ) {}

  @Endpoint('GET /storage', {
    access: 'settings:read',
    summary: 'What the data takes, how it grows and where that leads',
    answer: storage,
  })
  storage(@CalledBy() caller: Caller): Promise<Storage> {
    return this.service.read(caller.scope);
  }

  @Endpoint('GET /retention', {
    access: 'settings:read',
    summary: 'How long each class of data is kept, and the receipt of the last run',
    answer: retention,
  })
  retention(@CalledBy() caller: Caller): Promise<Retention> {
    return this.retentionService.read(caller);
  }

  @Endpoint('PUT /retention', {
    access: 'settings:write',
    summary: 'Changes how long classes of data are kept; fewer days than finalised periods need are refused',
    answer: retention,
  })
  change(
    @CalledBy() caller: Caller,
    @Body({ schema: changeRetention }) body: z.infer<typeof changeRetention>,
  ): Promise<Retention> {
    return this.retentionService.change(caller, body.policies);
  }

  @Endpoint('POST /retention/dry-run', {
    access: 'settings:read',
    summary: 'What would go under proposed policies, or under those in force, and what would be held back',
    answer: retentionPlan,
  })
  dryRun(
    @CalledBy() caller: Caller,
    @Body({ schema: changeRetention }) body: z.infer<typeof changeRetention>,
  ): Promise<RetentionPlan> {
    return this.retentionService.dryRun(caller.scope, body.policies);
  }

  @Endpoint('POST /retention/runs', {
    access: 'settings:write',
    status: 202,
    summary: 'Applies the policies now instead of in the night; the job run ends with a receipt',
    answer: jobRun,
  })
  run(@CalledBy() caller: Caller): Promise<JobRun> {
    return this.retentionService.run(caller);
  }
}
