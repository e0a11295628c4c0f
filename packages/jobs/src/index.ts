export * from './catalogue.ts';
export * from './channel.ts';
export * from './connection.ts';
export * from './enqueue.ts';
export * from './worker.ts';
