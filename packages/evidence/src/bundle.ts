/** Packing a bundle: the manifest names every file with its hash, the signature stands over the manifest. */
import { type ArchiveEntry, archivePieces } from './archive.ts';
import { bundleForm, fileNames, type Manifest, type SignatureFile } from './bundle-form.ts';
import { canonicalBytes } from './canonical-json.ts';
import { sha256Hex, toHex } from './sha256.ts';
import { fingerprintOf, type SigningKey, sign } from './signature.ts';

const encoder = new TextEncoder();

/** What is signed: the form's name keeps a signature from being taken for one of another kind. */
export function signedMessage(manifestBytes: Uint8Array): Uint8Array {
  const prefix = encoder.encode(`${bundleForm}\n`);
  const message = new Uint8Array(prefix.length + manifestBytes.length);
  message.set(prefix);
  message.set(manifestBytes, prefix.length);
  return message;
}

export interface BundleInput {
  readonly manifest: Omit<Manifest, 'form' | 'files' | 'keyFingerprint'>;
  readonly files: readonly ArchiveEntry[];
  readonly key: SigningKey;
}

/**
 * The bundle in pieces, to be gone through as often as is wanted. The same input gives the same bytes: Ed25519 has no
 * randomness of its own.
 * @throws RangeError where a file is named like the manifest or its signature, or the whole is too large.
 */
export async function packBundle({ manifest, files, key }: BundleInput): Promise<Iterable<Uint8Array>> {
  const reserved: readonly string[] = [fileNames.manifest, fileNames.signature];
  if (files.some(({ name }) => reserved.includes(name))) throw new RangeError('A file has a reserved name');
  const fingerprint = fingerprintOf(key.publicKey);
  const whole: Manifest = {
    form: bundleForm,
    ...manifest,
    files: [...files]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256Hex(bytes) })),
    keyFingerprint: fingerprint,
  };
  const manifestBytes = canonicalBytes(whole);
  const signature: SignatureFile = {
    form: 'wattproof/signature/1',
    algorithm: 'Ed25519',
    publicKey: toHex(key.publicKey),
    fingerprint,
    signature: toHex(await sign(key.privateKey, signedMessage(manifestBytes))),
  };
  return archivePieces([
    ...files,
    { name: fileNames.manifest, bytes: manifestBytes },
    { name: fileNames.signature, bytes: canonicalBytes(signature) },
  ]);
}
