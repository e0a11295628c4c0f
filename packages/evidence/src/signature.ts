/** Ed25519 (RFC 8032) by the Web Cryptography of Node and of the browser. */
import { sha256Hex } from './sha256.ts';

const algorithm = 'Ed25519';

/** A view of which the Web Cryptography's types know that no other thread writes it. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** PKCS #8. */
  readonly privateKey: Uint8Array;
}

export async function createSigningKey(): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('Ed25519 gives a pair of keys');
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    privateKey: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
  };
}

export async function sign(privateKey: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('pkcs8', owned(privateKey), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign(algorithm, key, owned(message)));
}

/** Whether a signature is of this key and message; false too where the key is none. */
export async function isSignedBy(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = await crypto.subtle.importKey('raw', owned(publicKey), algorithm, false, ['verify']);
  return crypto.subtle.verify(algorithm, key, owned(signature), owned(message));
}

/** SHA-256 of the public key in groups of four, as people compare it by telephone. */
export const fingerprintOf = (publicKey: Uint8Array): string =>
  (sha256Hex(publicKey).match(/.{4}/g) ?? []).join('-');

/** A fingerprint as it was typed or pasted: case, spaces and dashes do not matter. */
export const plainFingerprint = (text: string): string => text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
