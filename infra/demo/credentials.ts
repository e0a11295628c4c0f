import { randomBytes } from 'node:crypto';
import { enrolPayload, newApiKeySecret, newGatewayPassword, saveAccount } from '@wattproof/database';
import type { ClientBase } from 'pg';
import { type DemoSecrets, readDemoSecrets, writeDemoSecrets } from './demo-secrets.ts';
import { insertRow } from './insert.ts';
import { demoPeople } from './people.ts';

/** Organisation ids by the plant's key, site ids by organisation and site key. */
export interface Places {
  readonly organisationIds: ReadonlyMap<string, number>;
  readonly siteIds: ReadonlyMap<string, string>;
  readonly gateways: readonly { readonly id: string; readonly organisationId: number }[];
}

/** Easy to type, 60 random bits: four groups of letters that cannot be mistaken for one another. */
function readablePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters = Array.from(randomBytes(16), (byte) => alphabet[byte % alphabet.length]).join('');
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}

/** Keys that scripts get: one for each scope. */
export const demoApiKeys = [
  { organisationKey: 'belleroche', scope: 'read' },
  { organisationKey: 'belleroche', scope: 'write' },
  { organisationKey: 'tilleuls', scope: 'read' },
] as const;

/**
 * Accounts, API keys and gateway credentials, each made once. What an earlier start handed out stays valid; what is not
 * known any more (the file of secrets is gone) is made anew and takes the old one's place.
 */
export async function storeCredentials(
  client: ClientBase,
  places: Places,
  { stateFolder, secretKey }: { readonly stateFolder: string; readonly secretKey: string },
): Promise<DemoSecrets> {
  const known = readDemoSecrets(stateFolder);
  const secrets: DemoSecrets = { people: {}, gateways: {}, apiKeys: {} };
  await client.query('BEGIN');
  try {
    for (const person of demoPeople)
      secrets.people[person.email] = await storePerson(client, person, {
        places,
        known: known.people[person.email],
      });
    for (const { organisationKey, scope } of demoApiKeys) {
      const organisationId = idOf(places.organisationIds, organisationKey);
      const name = `Demo, ${scope}`;
      const place = `${organisationKey} ${scope}`;
      secrets.apiKeys[place] = await storeApiKey(
        client,
        { organisationId, name, scope },
        known.apiKeys[place],
      );
    }
    for (const gateway of places.gateways)
      secrets.gateways[gateway.id] = await storeEnrolment(client, gateway, {
        secretKey,
        known: known.gateways[gateway.id],
      });
    writeDemoSecrets(stateFolder, secrets);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  return secrets;
}

function idOf<Id>(ids: ReadonlyMap<string, Id>, key: string): Id {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`the demo has no ${key}`);
  return id;
}

async function storePerson(
  client: ClientBase,
  person: (typeof demoPeople)[number],
  { places, known }: { readonly places: Places; readonly known: string | undefined },
): Promise<string> {
  const organisationId = idOf(places.organisationIds, person.organisationKey);
  const member = await client.query('SELECT 1 FROM membership WHERE organisation_id = $1 AND email = $2', [
    organisationId,
    person.email,
  ]);
  if (known !== undefined && member.rowCount) return known;
  const password = known ?? readablePassword();
  const userId = await saveAccount(client, {
    email: person.email,
    displayName: person.displayName,
    password,
  });
  if (!member.rowCount)
    await insertRow(client, 'membership', {
      organisation_id: organisationId,
      user_id: userId,
      role: person.role,
      site_ids:
        person.siteKeys?.map((key) => idOf(places.siteIds, `${person.organisationKey} ${key}`)) ?? null,
      display_name: person.displayName,
      email: person.email,
      locale: person.locale,
    });
  return password;
}

async function storeApiKey(
  client: ClientBase,
  { organisationId, name, scope }: { organisationId: number; name: string; scope: 'read' | 'write' },
  known: string | undefined,
): Promise<string> {
  const stored = await client.query(
    'SELECT 1 FROM api_key WHERE organisation_id = $1 AND name = $2 AND revoked_at IS NULL',
    [organisationId, name],
  );
  if (known !== undefined && stored.rowCount) return known;
  await client.query(
    'UPDATE api_key SET revoked_at = now() WHERE organisation_id = $1 AND name = $2 AND revoked_at IS NULL',
    [organisationId, name],
  );
  const { key, prefix, secretSha256 } = newApiKeySecret();
  await insertRow(client, 'api_key', {
    organisation_id: organisationId,
    name,
    prefix,
    secret_sha256: secretSha256,
    scopes: scope === 'write' ? ['read', 'write'] : ['read'],
  });
  return key;
}

async function storeEnrolment(
  client: ClientBase,
  { id, organisationId }: { readonly id: string; readonly organisationId: number },
  { secretKey, known }: { readonly secretKey: string; readonly known: string | undefined },
): Promise<string> {
  const asked = await client.query(`SELECT 1 FROM outbox WHERE gateway_id = $1 AND kind = 'enrol'`, [id]);
  if (known !== undefined && asked.rowCount) return known;
  const password = known ?? newGatewayPassword();
  await insertRow(client, 'outbox', {
    organisation_id: organisationId,
    gateway_id: id,
    kind: 'enrol',
    payload: enrolPayload(secretKey, id, password),
  });
  return password;
}
