import 'server-only';
import type { Me } from '@wattproof/contracts/api';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import type { PageOfOneSite } from './place.ts';
import { withQuery } from './query.ts';

/**
 * The one site that a page is about. Where the address does not name it, the page is opened anew with the site looked at
 * last, else the first, so that the address says what the page shows. Null where the person may see no site.
 */
export async function siteOf(
  me: Me,
  path: PageOfOneSite,
  asked: Readonly<Record<string, string | undefined>>,
): Promise<Me['sites'][number] | null> {
  const find = (id: string | undefined) => me.sites.find((s) => s.id === id);
  const site = find(asked.site);
  if (site) return site;
  const chosen = find((await cookies()).get('site')?.value) ?? me.sites[0];
  if (!chosen) return null;
  const kept = Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  redirect(`${path}${withQuery(new URLSearchParams(kept), { site: chosen.id })}`);
}
