import { Injectable } from '@nestjs/common';
import type { ApiKeys, CreateApiKey, CreatedApiKey } from '@wattproof/contracts/api';
import { newApiKeySecret } from '@wattproof/database';
import {
  createApiKey,
  listApiKeys,
  recordEvent,
  revokeApiKey,
  type Scope,
} from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

type ApiKey = ApiKeys['apiKeys'][number];
type StoredKey = Awaited<ReturnType<typeof listApiKeys>>[number];

@Injectable()
export class ApiKeyService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope): Promise<ApiKey[]> {
    return this.resources.database.withOrganisation(scope.organisationId, async (tx) =>
      (await listApiKeys(tx, scope)).map(view),
    );
  }

  create(caller: Caller, wish: CreateApiKey): Promise<CreatedApiKey> {
    const { scope } = caller;
    const expiresAt = wish.expiresAt ? new Date(wish.expiresAt) : null;
    if (expiresAt && expiresAt.getTime() <= Date.now())
      throw new AppError('invalid', 'expiresAt lies in the past', {
        errors: [{ path: 'expiresAt', message: 'lies in the past' }],
      });
    const secret = newApiKeySecret();
    return this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      const key = await createApiKey(tx, scope, { name: wish.name, scopes: wish.scopes, expiresAt, secret });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'apiKey.create',
        object: key.id,
        after: { name: key.name, prefix: key.prefix, scopes: key.scopes },
      });
      return { apiKey: view(key), key: secret.key };
    });
  }

  async revoke(caller: Caller, id: string): Promise<ApiKey> {
    const { scope } = caller;
    const revoked = await this.resources.database.withOrganisation(scope.organisationId, async (tx) => {
      const key = await revokeApiKey(tx, scope, id);
      if (!key) throw new AppError('notFound', 'There is no such key that could be revoked');
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'apiKey.revoke',
        object: id,
        before: { name: key.name, prefix: key.prefix },
      });
      return view(key);
    });
    await this.resources.apiKeys.announceRevocation();
    return revoked;
  }
}

const view = ({ createdAt, expiresAt, revokedAt, lastUsedAt, scopes, ...key }: StoredKey): ApiKey => ({
  ...key,
  scopes: scopes as ApiKey['scopes'],
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
