import type { CustomTypesConfig } from 'pg';

/** For a query whose values stay as the database writes them. */
export const asText: CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };
