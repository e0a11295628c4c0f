export * from './modbus/fault.ts';
export * from './modbus/line.ts';
export * from './modbus/lines.ts';
export * from './plant/index.ts';
