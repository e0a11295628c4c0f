'use client';
import { useEffect } from 'react';
import { writeCookie } from '../sign-in/cookie.ts';

/** The site last looked at is the one that "Site" leads to. */
export function RememberSite({ siteId }: { readonly siteId: string }) {
  useEffect(() => writeCookie('site', siteId), [siteId]);
  return null;
}
