export * from './daily-data.queries.ts';
export * from './daily-data.ts';
export { dayHours } from './day-hours.ts';
export * from './enpi.queries.ts';
export * from './expected-load-fit.queries.ts';
export * from './fit-enb.ts';
export * from './performance-record.ts';
export * from './performance-variable.ts';
export { hashPeriod, needsHours, sameDefinition } from './stored-enb.ts';
