import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What a key derived from `WATTPROOF_SECRET_KEY` is for; each purpose has a key of its own. */
export type KeyPurpose = 'seal' | 'session';

/**
 * Key of one purpose: HKDF-SHA256 (RFC 5869) of the secret key.
 * @throws Error where the secret is not 32 bytes in base64.
 */
export function deriveKey(secretKey: string, purpose: KeyPurpose): Buffer {
  const secret = Buffer.from(secretKey, 'base64');
  if (secret.length !== 32) throw new Error('WATTPROOF_SECRET_KEY must be 32 bytes in base64');
  return Buffer.from(hkdfSync('sha256', secret, '', `wattproof/${purpose}`, 32));
}

/**
 * Encrypts a short secret with AES-256-GCM: `v1.<nonce>.<tag>.<ciphertext>`, base64url.
 * `context` (say, the gateway's id) is authenticated: a sealed text does not open in another place.
 */
export function seal(secretKey: string, context: string, clear: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secretKey, 'seal'), nonce);
  cipher.setAAD(Buffer.from(context));
  const encrypted = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  return ['v1', ...[nonce, cipher.getAuthTag(), encrypted].map((part) => part.toString('base64url'))].join(
    '.',
  );
}

/** @throws Error where the text was sealed with another key, for another context, or was changed. */
export function unseal(secretKey: string, context: string, sealed: string): string {
  const [version, nonce, tag, encrypted] = sealed.split('.');
  if (version !== 'v1' || nonce === undefined || tag === undefined || encrypted === undefined)
    throw new Error('not a sealed text of version 1');
  const tagBytes = Buffer.from(tag, 'base64url');
  if (tagBytes.length !== 16) throw new Error('the authentication tag is cut short');
  const decipher = createDecipheriv(
    'aes-256-gcm',
    deriveKey(secretKey, 'seal'),
    Buffer.from(nonce, 'base64url'),
  );
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(tagBytes);
  return Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64url')), decipher.final()]).toString(
    'utf8',
  );
}
