export * from './backlog.queries.ts';
export * from './dead-letter.queries.ts';
export * from './decision.queries.ts';
export * from './gateway-directory.queries.ts';
export * from './gateway-state.queries.ts';
export * from './watermark.queries.ts';
export * from './watermark.ts';
