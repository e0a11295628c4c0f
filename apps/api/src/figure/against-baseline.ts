import type { Scope } from '@wattproof/database/queries';
import type { PoolClient } from 'pg';
export interface AgainstBaseline {
  since(from: string): { value: number; halfWidth: number | null; confidence: number | null } | null;
}
export const readAgainstBaseline = async (
  _client: PoolClient,
  _scope: Scope,
  _siteId: string,
): Promise<AgainstBaseline | null> => null;
