'use client';

const year_s = 31_536_000;

/** Keeps a choice of this browser (language, theme, last site) where the server can read it too. */
export function writeCookie(name: string, value: string | null): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser of the field
  document.cookie = `${name}=${value ?? ''}; path=/; max-age=${value === null ? 0 : year_s}; samesite=lax`;
}
