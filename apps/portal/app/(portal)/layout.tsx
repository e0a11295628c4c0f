import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ApiError, currentMe } from '../../src/api/server.ts';
import { ServerClock } from '../../src/shell/server-clock.tsx';
import { Shell } from '../../src/shell/shell.tsx';
import { Unreachable } from '../../src/state/unreachable.tsx';

export default async function PortalLayout({ children }: { readonly children: ReactNode }) {
  let me: Awaited<ReturnType<typeof currentMe>>;
  try {
    me = await currentMe();
  } catch (error) {
    // Without the API there is no shell to show; every other failure is a bug and goes to the error page.
    if (error instanceof ApiError) return <Unreachable />;
    throw error;
  }
  const { displayName, email, role, permissions, organisation, organisations, sites, openAlarms } = me;
  return (
    <ServerClock now={new Date().toISOString()}>
      <Shell
        visitor={{ displayName, email, role, permissions, organisation, organisations, sites, openAlarms }}
        lastSiteId={(await cookies()).get('site')?.value ?? null}
      >
        {children}
      </Shell>
    </ServerClock>
  );
}
