export * from './calendar.ts';
export * from './measurand.ts';
export * from './vocabulary.ts';
