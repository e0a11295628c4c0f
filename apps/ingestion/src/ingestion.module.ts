import { type DynamicModule, Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@wattproof/runtime';
import type { Environment } from './environment.ts';
import { HealthController } from './health/health.controller.ts';
import { MetricsController } from './metrics/metrics.controller.ts';
import { createMetrics, type Metrics, metricsToken } from './metrics/metrics.ts';
import { type Partitions, partitionsToken, runPartitions } from './partition/partitions.ts';

@Module({})
export class IngestionModule implements OnModuleDestroy {
  constructor(@Inject(partitionsToken) private readonly partitions: Partitions) {}

  static with(environment: Environment, logger: Logger): DynamicModule {
    return {
      module: IngestionModule,
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: metricsToken, useFactory: createMetrics },
        {
          provide: partitionsToken,
          inject: [metricsToken],
          useFactory: (metrics: Metrics) => runPartitions(environment, metrics, logger),
        },
      ],
    };
  }

  /** Before connections close: what was received is committed and acknowledged. */
  async onModuleDestroy(): Promise<void> {
    await this.partitions.close();
  }
}
