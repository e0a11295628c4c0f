export * from './bundle.queries.ts';
export * from './chain.queries.ts';
export * from './day-content.ts';
export * from './period.queries.ts';
export * from './seal-days.ts';
export * from './sealed-day.queries.ts';
export * from './signing-key.queries.ts';
