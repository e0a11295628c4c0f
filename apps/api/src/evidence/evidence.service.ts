import { Injectable } from '@nestjs/common';
import type { EvidenceRecords, EvidenceState } from '@wattproof/contracts/api';
import { listRecords, listSigningKeys, revokeSigningKey, rotateSigningKey } from '@wattproof/database';
import { recordEventBy, type Scope } from '@wattproof/database/queries';
import { anchorText } from '@wattproof/evidence';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

@Injectable()
export class EvidenceService {
  constructor(private readonly resources: Resources) {}

  state({ organisationId }: Scope): Promise<EvidenceState> {
    return this.resources.database.readOrganisation(organisationId, async (client) => {
      const [head] = await listRecords(client, organisationId, { limit: 1 });
      const keys = await listSigningKeys(client, organisationId);
      return {
        anchor: head ? anchorText(head) : null,
        anchoredAt: head?.at ?? null,
        fingerprint: keys.find((key) => key.retiredAt === null)?.fingerprint ?? null,
        keys: keys.map(({ publicKey: _publicKey, endorsement: _endorsement, ...key }) => key),
      };
    });
  }

  records(
    { organisationId }: Scope,
    query: { readonly before?: number | undefined; readonly kind?: string | undefined },
  ): Promise<EvidenceRecords> {
    return this.resources.database.readOrganisation(organisationId, async (client) => ({
      records: (await listRecords(client, organisationId, { ...query, limit: 200 })).map(
        ({ bodyHash: _bodyHash, body, ...record }) => ({ ...record, body: { ...body } }),
      ),
    }));
  }

  async rotate(caller: Caller): Promise<EvidenceState> {
    const { scope, name } = caller;
    const { organisationId } = scope;
    const { env, database } = this.resources;
    await database.writeOrganisation(organisationId, async (client) => {
      const now = new Date();
      await rotateSigningKey(client, { organisationId, secretKey: env.WATTPROOF_SECRET_KEY, by: name, now });
      await recordEventBy(client, scope, { actor: name, action: 'evidence.rotateKey', object: 'signingKey' });
    });
    return this.state(scope);
  }

  async revoke(caller: Caller, fingerprint: string, reason: string): Promise<EvidenceState> {
    const { scope, name } = caller;
    const { organisationId } = scope;
    await this.resources.database.writeOrganisation(organisationId, async (client) => {
      const act = { organisationId, by: name, now: new Date() };
      if (!(await revokeSigningKey(client, act, { fingerprint, reason })))
        throw new AppError('notFound', 'There is no such key that is not revoked already', { fingerprint });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'evidence.revokeKey',
        object: fingerprint,
        after: { reason },
      });
    });
    return this.state(scope);
  }
}
