export * from './enpi.queries.ts';
export * from './performance-record.ts';
