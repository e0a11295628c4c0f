import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKey, seal, unseal } from './seal.ts';

const key = randomBytes(32).toString('base64');

describe('seal', () => {
  it('opens with the same key and context only', () => {
    const sealed = seal(key, 'gateway-1', 'très secret');
    expect(unseal(key, 'gateway-1', sealed)).toBe('très secret');
    expect(() => unseal(key, 'gateway-2', sealed)).toThrow();
    expect(() => unseal(randomBytes(32).toString('base64'), 'gateway-1', sealed)).toThrow();
  });

  it('never gives the same text twice and shows nothing of the clear one', () => {
    const first = seal(key, 'c', 'password');
    expect(seal(key, 'c', 'password')).not.toBe(first);
    expect(first).not.toContain('password');
  });

  it('refuses a changed text, a shortened tag and another version', () => {
    const sealed = seal(key, 'c', 'password');
    const [version, nonce, tag, encrypted] = sealed.split('.') as [string, string, string, string];
    const flipped = Buffer.from(encrypted, 'base64url');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    expect(() => unseal(key, 'c', [version, nonce, tag, flipped.toString('base64url')].join('.'))).toThrow();
    expect(() => unseal(key, 'c', [version, nonce, tag.slice(0, 6), encrypted].join('.'))).toThrow(
      /cut short/,
    );
    expect(() => unseal(key, 'c', `v2${sealed.slice(2)}`)).toThrow(/version 1/);
  });

  it('derives a key for each purpose and refuses a short secret', () => {
    expect(deriveKey(key, 'seal')).not.toEqual(deriveKey(key, 'session'));
    expect(() => deriveKey('c2hvcnQ=', 'seal')).toThrow(/32 bytes/);
  });
});
