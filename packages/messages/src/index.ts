export * from './age.ts';
export * from './date.ts';
export * from './locale.ts';
export * from './money.ts';
export * from './number.ts';
export * from './portal/catalogue.ts';
export * from './quantity.ts';
export * from './translator.ts';
