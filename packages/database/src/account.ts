import { randomBytes, randomUUID, scrypt } from 'node:crypto';
import type { ClientBase } from 'pg';

/** Cost of the password hash as better-auth computes it, which verifies it at sign-in. */
const cost = { N: 16_384, r: 16, p: 1, length: 64 } as const;

/** `salt:key`, both hex: scrypt (RFC 7914) of the password in Unicode form NFKC, the salt taken as its hex text. */
export async function hashPassword(
  password: string,
  salt = randomBytes(16).toString('hex'),
): Promise<string> {
  const { N, r, p, length } = cost;
  const key = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, { N, r, p, maxmem: 256 * N * r }, (error, derived) =>
      error ? reject(error) : resolve(derived),
    );
  });
  return `${salt}:${key.toString('hex')}`;
}

export interface NewPerson {
  readonly email: string;
  readonly displayName: string;
  readonly password: string;
}

/**
 * Makes an account that can sign in with e-mail and password, or sets the password of the one that has the e-mail.
 * The client must be of the role `wattproof_auth` (or an administrator). Returns the user id that memberships name.
 */
export async function saveAccount(client: ClientBase, person: NewPerson): Promise<string> {
  const user = await client.query<{ id: string }>(
    `INSERT INTO auth."user" (id, name, email, "emailVerified") VALUES ($1, $2, $3, true)
     ON CONFLICT (email) DO UPDATE SET name = EXCLUDED.name, "updatedAt" = now() RETURNING id`,
    [randomUUID(), person.displayName, person.email.toLowerCase()],
  );
  const userId = user.rows[0]?.id;
  if (userId === undefined) throw new Error('the account was not written');
  const hash = await hashPassword(person.password);
  const changed = await client.query(
    `UPDATE auth.account SET password = $2, "updatedAt" = now() WHERE "userId" = $1 AND "providerId" = 'credential'`,
    [userId, hash],
  );
  if (changed.rowCount === 0)
    await client.query(
      `INSERT INTO auth.account (id, "accountId", "providerId", "userId", password, "updatedAt")
       VALUES ($1, $2, 'credential', $2, $3, now())`,
      [randomUUID(), userId, hash],
    );
  return userId;
}
