import { z } from 'zod';
import { databaseUrlOf } from './database-url.ts';
import type { SeedDemo, SeedDemoOptions } from './demo-seed.ts';

/**
 * Process that fills the demo, started by the supervisor: the history keeps a processor busy for minutes, and the
 * supervisor must stay free to show progress and to stop. Options arrive as one message, progress and result leave
 * as messages.
 */
const orderSchema = z.object({
  options: z.custom<Omit<SeedDemoOptions, 'progress' | 'databaseUrlOf'>>(
    (value) => typeof value === 'object',
  ),
  rolePasswords: z.record(z.string(), z.string()),
});

export type SeedMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'done'; readonly demo: Awaited<ReturnType<SeedDemo>> }
  | { readonly kind: 'failed'; readonly reason: string };

function tell(message: SeedMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

async function fill(message: unknown): Promise<void> {
  const { options, rolePasswords } = orderSchema.parse(message);
  const seedFile = new URL('./demo/seed.ts', import.meta.url).href;
  const { seedDemo } = (await import(seedFile)) as { seedDemo: SeedDemo };
  const demo = await seedDemo({
    ...options,
    databaseUrlOf: (role) => databaseUrlOf(options.adminDatabaseUrl, role, rolePasswords[role] ?? ''),
    progress: (text) => void tell({ kind: 'progress', text }),
  });
  await tell({ kind: 'done', demo });
}

process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.once('message', (message) => {
  fill(message).then(
    () => process.exit(0),
    async (error: unknown) => {
      console.error(error);
      await tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      process.exit(1);
    },
  );
});
