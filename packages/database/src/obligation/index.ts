export * from './unit.queries.ts';
export * from './unit-energy.ts';
export * from './unit-record.ts';
