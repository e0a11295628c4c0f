import { applyDecorators, Delete, Get, HttpCode, Patch, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { problem } from '@wattproof/contracts/api';
import type { z } from 'zod';
import { type Access, Allow } from '../access/route-access.ts';

export interface EndpointOptions {
  readonly access: Access;
  readonly summary: string;
  /** Schema of the answer; left out where the answer is no JSON. */
  readonly answer?: z.ZodType;
  readonly status?: 200 | 201 | 202 | 204;
  /** Media type of an answer that is no JSON. */
  readonly produces?: string;
}

const methods = { GET: Get, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete } as const;

/** Key under which a route keeps the schema of its answer: documentation and tests read it. */
export const answerKey = 'wattproof:answer';

/** One route: method, path, who may call it and what it answers, for the router and for OpenAPI alike. */
export function Endpoint(route: `${keyof typeof methods} /${string}`, options: EndpointOptions) {
  const [method, path] = route.split(' ') as [keyof typeof methods, string];
  const status = options.status ?? 200;
  return applyDecorators(
    methods[method](path),
    Allow(options.access),
    HttpCode(status),
    (_target: object, _key: string | symbol, descriptor: PropertyDescriptor) => {
      Reflect.defineMetadata(answerKey, options.answer, descriptor.value as object);
    },
    ApiOperation({
      summary: options.summary,
      description: options.access === 'public' ? 'Open to everybody.' : `Access: \`${options.access}\`.`,
    }),
    ...(options.produces ? [ApiProduces(options.produces)] : []),
    ApiResponse(
      options.answer
        ? { status, description: options.summary, standardSchema: options.answer }
        : { status, description: options.summary },
    ),
    ApiResponse({
      status: '4XX',
      description: 'Problem details (RFC 9457, `application/problem+json`)',
      standardSchema: problem,
    }),
    ...(options.access === 'public' ? [] : [ApiBearerAuth('key'), ApiCookieAuth('session')]),
  );
}
