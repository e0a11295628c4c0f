export { type Applied, applyRetention, inOwnTransaction } from './apply.ts';
export { measureStorage } from './measure.ts';
export * from './plan.ts';
export * from './policy.ts';
