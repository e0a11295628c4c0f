import { Controller, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type JobRun, jobRun, jobRuns, uuid } from '@wattproof/contracts/api';
import type { Response } from 'express';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { JobService } from './job.service.ts';

@ApiTags('Jobs')
@Controller('jobs')
export class JobController {
  constructor(private readonly service: JobService) {}

  @Endpoint('GET /', {
    access: 'signedIn',
    summary: 'The latest 50 job runs of the organisation',
    answer: jobRuns,
  })
  async list(@CalledBy() caller: Caller): Promise<{ jobs: JobRun[] }> {
    return { jobs: await this.service.list(caller) };
  }

  @Endpoint('GET /stream', {
    access: 'signedIn',
    summary: 'Server-sent events: `job` at each change of a run, `ping` every 15 s',
    produces: 'text/event-stream',
  })
  stream(@CalledBy() caller: Caller, @Res() response: Response): Promise<void> {
    return this.service.stream(caller, response);
  }

  @Endpoint('GET /:id', { access: 'signedIn', summary: 'One job run', answer: jobRun })
  one(@CalledBy() caller: Caller, @Param('id', { schema: uuid }) id: string): Promise<JobRun> {
    return this.service.one(caller, id);
  }
}
