import { RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { toNodeHandler } from 'better-auth/node';
import { requireDeclaredAccess } from './access/route-access.ts';
import { ApiModule } from './api.module.ts';
import { xlsxType } from './device-catalogue/sheet-file.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { requestContext } from './http/request-context.ts';
import { securityHeaders } from './http/security-headers.ts';
import { validationPipe } from './http/validation.pipe.ts';
import { serveDocumentation } from './openapi/document.ts';
import type { Resources } from './resources.ts';

const bodyLimit = '2mb';
/** Longest accepted file of bills or of evidence. */
export const csvLimit = '20mb';
/** Longest accepted register table as a spreadsheet. */
export const tableLimit = '5mb';

/** Longest body of a photo; what is longer than a photo may be is refused by name, what is far longer unread. */
const photoLimit = '12mb';

/** The whole application over its resources, not yet listening. */
export async function createApp(resources: Resources): Promise<NestExpressApplication> {
  const { logger } = resources;
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.over(resources), {
    bodyParser: false,
    abortOnError: false,
    logger: {
      log: (message: unknown) => logger.debug({ part: 'nest' }, String(message)),
      warn: (message: unknown) => logger.warn({ part: 'nest' }, String(message)),
      error: (message: unknown) => logger.error({ part: 'nest' }, String(message)),
    },
  });
  app.disable('x-powered-by');
  // The portal forwards from the same machine; nobody else may name a client's address.
  app.set('trust proxy', 'loopback');
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.use(securityHeaders);
  app.use(requestContext(logger));
  // Before the body parsers: better-auth reads the request itself.
  app.use('/api/auth', toNodeHandler(resources.auth));
  app.useBodyParser('json', { limit: bodyLimit });
  app.useBodyParser('raw', {
    type: ['text/csv', 'application/xml', 'application/pdf', 'image/jpeg', 'image/png'],
    limit: csvLimit,
  });
  app.useBodyParser('raw', { type: xlsxType, limit: tableLimit });
  app.useBodyParser('raw', { type: ['image/jpeg', 'image/png', 'image/webp'], limit: photoLimit });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  configureRoutes(app);
  serveDocumentation(app);
  await app.init();
  requireDeclaredAccess(app);
  return app;
}

export function configureRoutes(app: NestExpressApplication): void {
  app.setGlobalPrefix('api/v1', { exclude: [{ path: 'health', method: RequestMethod.GET }] });
}
