import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { type Partitions, partitionsToken } from '../partition/partitions.ts';

/** What this controller needs of the HTTP answer. */
interface Answer {
  status(code: number): void;
}

@Controller('health')
export class HealthController {
  constructor(@Inject(partitionsToken) private readonly partitions: Partitions) {}

  /** 200 while this process can commit (or has no partition and waits for one), else 503. */
  @Get()
  @HttpCode(200)
  health(@Res({ passthrough: true }) answer: Answer) {
    const { isHealthy, ...rest } = this.partitions.status();
    if (!isHealthy) answer.status(503);
    return { status: isHealthy ? 'ok' : 'unavailable', ...rest };
  }
}
