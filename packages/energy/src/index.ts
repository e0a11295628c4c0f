export * from './measurand.ts';
export * from './vocabulary.ts';
