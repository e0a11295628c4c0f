export type { LatestValues } from './latest-writer.ts';
export * from './reading-batch.ts';
export * from './reading-reader.ts';
export * from './reading-replacement.ts';
export * from './reading-writer.ts';
