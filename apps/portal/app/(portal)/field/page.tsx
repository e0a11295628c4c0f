import {
  deadLetters as deadLettersSchema,
  gateways as gatewaysSchema,
  quarantine as quarantineSchema,
  readingConflicts,
} from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../src/api/server.ts';
import { FieldView } from '../../../src/field/field-view.tsx';
import { getTranslator } from '../../../src/i18n/server.ts';
import { Forbidden } from '../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.field') };
}

export default async function FieldPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ site?: string }>;
}) {
  const [{ site }, me] = await Promise.all([searchParams, currentMe()]);
  if (!may(me, 'field:read')) return <Forbidden me={me} page="nav.field" />;
  const [gateways, deadLetters, quarantine, conflicts] = await Promise.all([
    apiGet('/gateways', gatewaysSchema),
    apiGet('/dead-letters?limit=50', deadLettersSchema),
    apiGet('/quarantine', quarantineSchema),
    apiGet('/reading-conflicts?state=open&limit=100', readingConflicts),
  ]);
  return (
    <FieldView
      initial={gateways}
      deadLetters={deadLetters}
      quarantine={quarantine.gateways}
      conflicts={conflicts}
      sites={me.sites}
      siteId={me.sites.some((s) => s.id === site) ? (site ?? null) : null}
      organisationName={me.organisation.name}
      mayWrite={may(me, 'field:write')}
      now={new Date().toISOString()}
    />
  );
}
