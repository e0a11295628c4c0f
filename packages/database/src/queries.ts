// The API's way to the database: the Prisma client behind its scope, and the query modules by noun.
export * from './client.ts';
