import { builtinModule } from './builtin-module.ts';

/**
 * SHA-256 (FIPS 180-4): Node's own where there is Node, plain arithmetic in a browser, whose digest is asynchronous; that costs
 * more than the hash itself where three quarters of a million short leaves are hashed.
 */
const roundConstants = new Uint32Array(64);
const initialState = new Uint32Array(8);

/** First 32 bits of the fractional part of a root: cube roots of the first 64 primes, square roots of the first 8. */
const fraction32 = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0;
for (let candidate = 2, n = 0; n < 64; candidate++) {
  let isPrime = true;
  for (let d = 2; d * d <= candidate; d++) if (candidate % d === 0) isPrime = false;
  if (!isPrime) continue;
  if (n < 8) initialState[n] = fraction32(Math.sqrt(candidate));
  roundConstants[n++] = fraction32(Math.cbrt(candidate));
}

const schedule = new Int32Array(64);

/** One block of 64 bytes into the state. */
function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  for (let i = 0, at = offset; i < 16; i++, at += 4)
    schedule[i] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
  for (let i = 16; i < 64; i++) {
    const w15 = schedule[i - 15] as number;
    const w2 = schedule[i - 2] as number;
    const s0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
    const s1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
    schedule[i] = ((schedule[i - 16] as number) + s0 + (schedule[i - 7] as number) + s1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (roundConstants[i] as number) + (schedule[i] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}

const block_bytes = 64;
const tail = new Uint8Array(2 * block_bytes);

/** SHA-256 in plain arithmetic. */
export function plainSha256(bytes: Uint8Array): Uint8Array {
  const state = Int32Array.from(initialState);
  const whole = bytes.length - (bytes.length % block_bytes);
  for (let offset = 0; offset < whole; offset += block_bytes) compress(state, bytes, offset);
  const rest = bytes.length - whole;
  tail.fill(0);
  tail.set(bytes.subarray(whole));
  tail[rest] = 0x80;
  const end = rest < block_bytes - 8 ? block_bytes : 2 * block_bytes;
  const view = new DataView(tail.buffer);
  view.setUint32(end - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(end - 4, (bytes.length * 8) >>> 0);
  for (let offset = 0; offset < end; offset += block_bytes) compress(state, tail, offset);
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 8; i++) out.setInt32(4 * i, state[i] as number);
  return digest;
}

interface NodeCrypto {
  readonly hash: (algorithm: 'sha256', data: Uint8Array, outputEncoding: 'buffer') => Uint8Array;
}
const node = builtinModule<NodeCrypto>('node:crypto');

/** SHA-256 of bytes. */
export const sha256: (bytes: Uint8Array) => Uint8Array = node
  ? (bytes) => node.hash('sha256', bytes, 'buffer')
  : plainSha256;

export const sha256Hex = (bytes: Uint8Array): string => toHex(sha256(bytes));

const digits = new TextEncoder().encode('0123456789abcdef');

/** Lower-case hexadecimal, in one piece: a text that is put together digit by digit takes thirty times as much memory. */
export function toHex(bytes: Uint8Array): string {
  const codes = new Array<number>(2 * bytes.length);
  for (const [i, byte] of bytes.entries()) {
    codes[2 * i] = digits[byte >> 4] as number;
    codes[2 * i + 1] = digits[byte & 15] as number;
  }
  return String.fromCharCode(...codes);
}

/** @throws RangeError where the text is no lower-case hexadecimal. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new RangeError('not lower-case hexadecimal');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
