export * from './audit.queries.ts';
export * from './audit-effort.queries.ts';
export * from './audit-report.queries.ts';
export * from './bill-cells.ts';
export * from './compute-audit.ts';
export * from './computed-audit.ts';
export * from './scope-proposal.ts';
