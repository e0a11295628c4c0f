export * from './bill-file.ts';
export * from './bill-line.ts';
export * from './closed-month.ts';
export * from './import-bills.ts';
