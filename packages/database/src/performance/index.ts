export * from './enpi.queries.ts';
export * from './expected-load-fit.queries.ts';
export * from './performance-record.ts';
