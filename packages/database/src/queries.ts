// The API's way to the database: the Prisma client behind its scope, and the query modules by noun.

export * from './alarm.queries.ts';
export * from './alarm-rule.queries.ts';
export * from './api-key.queries.ts';
export * from './audit.queries.ts';
export * from './audit-event.queries.ts';
export * from './bill.queries.ts';
export * from './client.ts';
export * from './dead-letter.queries.ts';
export type { BatchRange } from './delivery/watermark.ts';
export * from './enpi.queries.ts';
export * from './expected-load.queries.ts';
export * from './gateway.queries.ts';
export * from './gateway-gap.queries.ts';
export * from './interval-columns.queries.ts';
export * from './job-run.queries.ts';
export * from './legal-entity.queries.ts';
export * from './membership.queries.ts';
export * from './meter.queries.ts';
export * from './outbox.queries.ts';
export * from './reading-columns.queries.ts';
export * from './reading-conflict.queries.ts';
export type { Scope } from './scope.ts';
export * from './series.queries.ts';
export * from './series-meter.queries.ts';
export * from './site.queries.ts';
export * from './structure.queries.ts';
export * from './tariff.queries.ts';
