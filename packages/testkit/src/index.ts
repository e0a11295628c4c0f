export * from './broker.ts';
export * from './database.ts';
export * from './demo.ts';
export * from './environment.ts';
export * from './free-port.ts';
export * from './redis.ts';
export * from './tool.ts';
export * from './wait-for.ts';
