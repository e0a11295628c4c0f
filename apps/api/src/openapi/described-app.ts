import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiModule } from '../api.module.ts';
import { configureRoutes } from '../app.ts';
import type { Resources } from '../resources.ts';

const address = 'http://localhost';

/** The application with its routes and nothing behind them: enough to describe it, without any service. */
export async function describedApp(): Promise<NestExpressApplication> {
  const nothing = { env: { WATTPROOF_PORTAL_URL: address, WATTPROOF_API_URL: address } } as Resources;
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.over(nothing), { logger: false });
  configureRoutes(app);
  await app.init();
  return app;
}
