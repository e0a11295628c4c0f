export * from './api/index.ts';
export * from './mqtt/index.ts';
