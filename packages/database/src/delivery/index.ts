export * from './dead-letter.queries.ts';
export * from './gateway-directory.queries.ts';
export * from './gateway-state.queries.ts';
export * from './watermark.queries.ts';
