export * from './command.ts';
export * from './compact-batch.ts';
export * from './device-profile.ts';
export * from './json-readings.ts';
export * from './messages.ts';
export { encodePackedBatch, packReadings, wrapPacked } from './packed-batch.ts';
export * from './reading.ts';
export * from './schema.ts';
export * from './topic.ts';
