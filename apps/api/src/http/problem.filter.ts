import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Problem } from '@wattproof/contracts/api';
import { AppError, type ErrorCode, type Logger } from '@wattproof/runtime';
import type { Response } from 'express';
import type { CallingRequest } from '../access/caller.ts';

const statusOf: Readonly<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  invalid: 422,
  conflict: 409,
  tooLarge: 413,
  tooManyRequests: 429,
  notReady: 503,
  dependencyUnavailable: 503,
};
const titleOf: Readonly<Record<ErrorCode | 'internal', string>> = {
  unauthenticated: 'Not signed in',
  forbidden: 'Not allowed',
  notFound: 'Not found',
  invalid: 'Not valid',
  conflict: 'In conflict with the present state',
  tooLarge: 'Too large',
  tooManyRequests: 'Too many requests',
  notReady: 'Not ready',
  dependencyUnavailable: 'A service is away',
  internal: 'Internal error',
};
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'notFound',
  405: 'notFound',
  413: 'tooLarge',
  415: 'invalid',
  429: 'tooManyRequests',
};

/** Every failed request answers problem details (RFC 9457). What is not expected is logged and never dressed up as something else. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<CallingRequest>();
    const response = http.getResponse<Response>();
    const found = describe(error);
    if (found.status >= 500)
      this.logger.error({ err: error, requestId: request.requestId, path: request.path }, 'request failed');
    else if (found.code === 'forbidden')
      this.logger.warn(
        { requestId: request.requestId, path: request.path, caller: request.caller?.id },
        found.detail,
      );
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const retryAfter = found.details?.retryAfter_s;
    if (typeof retryAfter === 'number') response.set('retry-after', String(retryAfter));
    response
      .status(found.status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...found,
          instance: request.requestId ? `urn:request:${request.requestId}` : request.path,
        } satisfies Problem),
      );
  }
}

function describe(error: unknown): Problem {
  if (error instanceof AppError) {
    const { errors, ...details } = error.details as { errors?: Problem['errors'] };
    return problemOf(error.code, statusOf[error.code], error.message, {
      ...(errors ? { errors } : {}),
      ...(Object.keys(details).length > 0 ? { details } : {}),
    });
  }
  const status = httpStatusOf(error);
  const code = status === undefined ? undefined : codeOfStatus[status];
  if (status !== undefined && code) return problemOf(code, status, (error as Error).message);
  return problemOf('internal', 500, 'Something went wrong here; the request id finds it in the log');
}

/** Status of an error that Nest or a body parser made: those say what is wrong with the request. */
function httpStatusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'expose' in error && error.expose === true && 'status' in error)
    return Number(error.status);
  return undefined;
}

function problemOf(
  code: ErrorCode | 'internal',
  status: number,
  detail: string,
  more: Pick<Problem, 'errors' | 'details'> = {},
): Problem {
  return { type: `urn:wattproof:problem:${code}`, title: titleOf[code], status, code, detail, ...more };
}
