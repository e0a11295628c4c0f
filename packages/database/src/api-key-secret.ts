import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** An API key as shown once: `wp_<prefix>_<secret>`. */
export interface NewApiKeySecret {
  readonly key: string;
  readonly prefix: string;
  readonly secretSha256: Buffer;
}

// Letters that cannot be mistaken for one another, so that a prefix can be read out.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const keyPattern = /^wp_([a-z0-9]{10})_([A-Za-z0-9_-]{43})$/;

const sha256 = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** The secret has 256 random bits, so a plain SHA-256 is enough to keep. */
export function newApiKeySecret(): NewApiKeySecret {
  const prefix = Array.from(randomBytes(10), (byte) => alphabet[byte % alphabet.length]).join('');
  const secret = randomBytes(32).toString('base64url');
  return { key: `wp_${prefix}_${secret}`, prefix, secretSha256: sha256(secret) };
}

/** Prefix and secret of a key, or undefined where the text is no key. */
export function splitApiKey(key: string): { readonly prefix: string; readonly secret: string } | undefined {
  const [, prefix, secret] = keyPattern.exec(key) ?? [];
  return prefix && secret ? { prefix, secret } : undefined;
}

/** Compares in constant time. */
export function apiKeySecretMatches(secret: string, storedSha256: Uint8Array): boolean {
  return storedSha256.length === 32 && timingSafeEqual(sha256(secret), storedSha256);
}
