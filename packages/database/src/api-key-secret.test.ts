import { describe, expect, it } from 'vitest';
import { apiKeySecretMatches, newApiKeySecret, splitApiKey } from './api-key-secret.ts';

describe('API key secret', () => {
  it('splits and verifies its own keys', () => {
    const { key, prefix, secretSha256 } = newApiKeySecret();
    const parts = splitApiKey(key);
    expect(parts?.prefix).toBe(prefix);
    expect(apiKeySecretMatches(parts?.secret ?? '', secretSha256)).toBe(true);
  });

  it('refuses another key, a cut hash and a text that is no key', () => {
    const { secretSha256 } = newApiKeySecret();
    const other = splitApiKey(newApiKeySecret().key);
    expect(apiKeySecretMatches(other?.secret ?? '', secretSha256)).toBe(false);
    expect(apiKeySecretMatches(other?.secret ?? '', secretSha256.subarray(0, 31))).toBe(false);
    for (const text of [
      '',
      'wp_',
      'wp_abc_def',
      `${newApiKeySecret().key}x`,
      `Bearer ${newApiKeySecret().key}`,
    ])
      expect(splitApiKey(text)).toBeUndefined();
  });
});
