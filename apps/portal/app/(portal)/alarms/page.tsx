import {
  alarmRules,
  alarms as alarmsSchema,
  gateways as gatewaysSchema,
  siteStructure,
} from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { AlarmsView } from '../../../src/alarm/alarms-view.tsx';
import { apiGet, currentMe, may } from '../../../src/api/server.ts';
import { getTranslator } from '../../../src/i18n/server.ts';
import { FigureSource } from '../../../src/receipt/figure-source.tsx';
import { Forbidden } from '../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.alarms') };
}

export default async function AlarmsPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ site?: string; view?: string }>;
}) {
  const [{ site: asked, view }, me] = await Promise.all([searchParams, currentMe()]);
  if (!may(me, 'alarm:read')) return <Forbidden me={me} page="nav.alarms" />;
  const site = me.sites.find((s) => s.id === asked);
  const filter = site ? `&siteId=${site.id}` : '';
  const shown = view === 'history' || view === 'rules' ? view : 'open';
  const path = `/alarms?state=${shown === 'history' ? 'history' : 'open'}${filter}`;
  const [list, rules, structure, gateways] = await Promise.all([
    apiGet(path, alarmsSchema),
    shown === 'rules' ? apiGet('/alarm-rules', alarmRules) : null,
    shown === 'rules' && may(me, 'site:read')
      ? Promise.all((site ? [site] : me.sites).map((s) => apiGet(`/sites/${s.id}/structure`, siteStructure)))
      : null,
    shown === 'rules' && may(me, 'field:read') ? apiGet('/gateways', gatewaysSchema) : null,
  ]);
  return (
    <FigureSource path={path}>
      <AlarmsView
        view={shown}
        alarms={list.alarms}
        rules={(rules?.alarmRules ?? []).filter((r) => !site || r.siteId === site.id)}
        meters={(structure ?? []).flatMap((s) =>
          s.meters.map((m) => ({
            id: m.id,
            name: m.name,
            siteId: m.siteId,
            measurands: [
              ...new Set([
                ...(m.latest?.values.map((v) => v.measurand) ?? []),
                ...(m.measurand ? [m.measurand] : []),
              ]),
            ],
          })),
        )}
        gateways={(gateways?.gateways ?? []).map((g) => ({ id: g.id, name: g.name, siteId: g.siteId }))}
        sites={me.sites.map((s) => ({ id: s.id, name: s.name }))}
        siteId={site?.id ?? null}
        timeZone={site?.timeZone ?? me.sites[0]?.timeZone ?? 'UTC'}
        now={new Date().toISOString()}
        mayAcknowledge={may(me, 'alarm:acknowledge')}
        mayWrite={may(me, 'alarm:write')}
      />
    </FigureSource>
  );
}
