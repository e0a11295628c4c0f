import 'server-only';
import type { Me } from '@wattproof/contracts/api';
import { cookies } from 'next/headers';

/** The one site that a page of Performance is about: asked for, else the one looked at last, else the first. */
export async function siteOf(me: Me, asked: string | undefined): Promise<Me['sites'][number] | null> {
  const last = (await cookies()).get('site')?.value;
  const find = (id: string | undefined) => me.sites.find((s) => s.id === id);
  return find(asked) ?? find(last) ?? me.sites[0] ?? null;
}
