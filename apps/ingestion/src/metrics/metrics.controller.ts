import { Controller, Get, Header, Inject } from '@nestjs/common';
import { type Metrics, metricsToken } from './metrics.ts';

@Controller('metrics')
export class MetricsController {
  constructor(@Inject(metricsToken) private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
