import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { createLogger, loadEnv, onShutdown } from '@wattproof/runtime';
import { environmentSchema } from './environment.ts';
import { IngestionModule } from './ingestion.module.ts';

const environment = loadEnv(environmentSchema);
const logger = createLogger('ingestion', environment.WATTPROOF_LOG_LEVEL);
const app = await NestFactory.create(IngestionModule.with(environment, logger), {
  logger: false,
  abortOnError: false,
});
onShutdown(() => app.close(), { logger });
await app.listen(environment.WATTPROOF_PORT, '127.0.0.1');
logger.info({ port: environment.WATTPROOF_PORT, partitions: environment.WATTPROOF_PARTITIONS }, 'listening');
