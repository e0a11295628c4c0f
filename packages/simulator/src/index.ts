export * from './modbus/fault.ts';
export * from './modbus/line.ts';
export * from './modbus/lines.ts';
export * from './modbus/pseudo-terminal.ts';
export * from './modbus/relay.ts';
export * from './plant/index.ts';
