// Everything that needs no generated Prisma client; `@wattproof/database/queries` has the rest.
export * from './account.ts';
export * from './alarm-evaluation.queries.ts';
export * from './api-key-secret.ts';
export * from './audit/index.ts';
export * from './bill-import/index.ts';
export * from './chunk.queries.ts';
export * from './delivery/index.ts';
export * from './gateway-credential.ts';
export * from './interval/index.ts';
export * from './job-run-progress.queries.ts';
export * from './migrate.ts';
export * from './performance/index.ts';
export * from './retention/index.ts';
export * from './roles.ts';
export * from './scope.ts';
export * from './seal.ts';
export * from './series/index.ts';
