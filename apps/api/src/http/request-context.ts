import { randomUUID } from 'node:crypto';
import type { Logger } from '@wattproof/runtime';
import type { NextFunction, Response } from 'express';
import type { CallingRequest } from '../access/caller.ts';

const idPattern = /^[\w-]{8,64}$/;

/** Gives each request an id (the caller's own where it is a decent one), answers with it and writes one line when it is done. */
export const requestContext =
  (logger: Logger) =>
  (request: CallingRequest, response: Response, next: NextFunction): void => {
    const given = request.header('x-request-id');
    const requestId = given && idPattern.test(given) ? given : randomUUID();
    const start = performance.now();
    request.requestId = requestId;
    response.set('x-request-id', requestId);
    // The address as the connection and trusted proxies tell it, for everything behind: a client cannot choose its own.
    request.headers['x-forwarded-for'] = request.ip ?? '';
    response.on('finish', () => {
      logger.info(
        {
          requestId,
          method: request.method,
          path: request.path,
          status: response.statusCode,
          duration_ms: Math.round(performance.now() - start),
          organisationId: request.caller?.scope.organisationId,
          caller: request.caller?.id,
        },
        'request',
      );
    });
    next();
  };
