import type { z } from 'zod';

/**
 * The environment parsed by a schema, once at start; `process.env` is read nowhere else.
 * @throws Error naming every variable that is missing or wrong, and why.
 */
export function loadEnv<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined> = process.env,
): z.infer<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    (issue) => `  ${issue.path.join('.') || '(environment)'}: ${issue.message}`,
  );
  throw new Error(`The environment is not complete:\n${lines.join('\n')}`);
}
