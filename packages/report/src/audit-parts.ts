import { conductFields, type Decimal, emptyDossier } from '@wattproof/energy';
import { siteNameOf } from './audit-stated.ts';
import type { AuditText } from './audit-text.ts';
import type { Align, Block, Table } from './block.ts';
import type { AuditReportSnapshot } from './snapshot.ts';

/** Sections 9 to 12: how the audit was carried out, buildings, processes, transport. */

const dossierOf = ({ dossier }: AuditReportSnapshot) => dossier?.content ?? emptyDossier;

const left = (count: number): Align[] => Array.from({ length: count }, () => 'left');

/** A table, or the sentence that nothing is stated. */
const tableOr = (table: Table, { t }: AuditText): Block =>
  table.rows.length > 0 ? { kind: 'table', table } : { kind: 'text', text: t('report.notStated') };

const energyText = (energy_kwh: Decimal | null, text: AuditText): string =>
  energy_kwh === null ? '–' : text.kwh(energy_kwh);

export function conductBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  const { conduct, visits } = dossierOf(snapshot);
  return [
    { kind: 'heading', level: 1, text: t('report.conduct') },
    { kind: 'text', text: t('report.conduct.text') },
    {
      kind: 'facts',
      rows: conductFields.map((field) => [
        words(`dossier.conduct.${field}`),
        conduct[field] || t('report.notStated'),
      ]),
    },
    { kind: 'heading', level: 2, text: words('dossier.visits') },
    tableOr(
      {
        head: [
          words('dossier.visitOn'),
          t('report.account.site'),
          words('dossier.areas'),
          words('dossier.people'),
          words('dossier.notes'),
        ],
        align: left(5),
        widths: [1.2, 1.4, 2.6, 2, 2.6],
        rows: visits
          .toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
          .map((visit) => [
            text.date(visit.on),
            siteNameOf(snapshot, visit.siteId, text),
            visit.areas,
            visit.people,
            visit.notes,
          ]),
      },
      text,
    ),
  ];
}

export function buildingBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  return [
    { kind: 'heading', level: 1, text: t('report.buildings') },
    tableOr(
      {
        head: [
          words('dossier.building'),
          words('dossier.usage'),
          words('dossier.builtIn'),
          t('report.unit.area'),
          words('dossier.envelope'),
          words('dossier.systems'),
          t('report.account.energy'),
        ],
        align: ['left', 'left', 'right', 'right', 'left', 'left', 'right'],
        widths: [1.8, 1.2, 1.15, 0.95, 2, 2.1, 1.2],
        rows: dossierOf(snapshot).buildings.map((one) => [
          `${one.name}\n${siteNameOf(snapshot, one.siteId, text)}`,
          one.usage,
          one.builtIn === null ? '–' : String(one.builtIn),
          one.floorArea_m2 === null ? '–' : text.number(one.floorArea_m2, 0),
          one.envelope,
          one.systems,
          energyText(one.energy_kwh, text),
        ]),
      },
      text,
    ),
  ];
}

export function processBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  return [
    { kind: 'heading', level: 1, text: t('report.processes') },
    tableOr(
      {
        head: [
          words('dossier.process'),
          words('dossier.kind'),
          words('dossier.description'),
          t('report.account.energy'),
        ],
        align: ['left', 'left', 'left', 'right'],
        widths: [2.2, 1.5, 4.4, 1.4],
        rows: dossierOf(snapshot).processes.map((one) => [
          `${one.name}\n${siteNameOf(snapshot, one.siteId, text)}`,
          words(`dossier.processKind.${one.kind}`),
          one.description,
          energyText(one.energy_kwh, text),
        ]),
      },
      text,
    ),
  ];
}

export function transportBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  const booked = snapshot.rows.filter(
    ({ energyUse, kind }) => energyUse === 'transport' || kind === 'thirdPartyHaulage',
  );
  const number = (value: Decimal | null): string => (value === null ? '–' : text.number(Number(value), 0));
  return [
    { kind: 'heading', level: 1, text: t('report.transport') },
    ...(booked.length > 0
      ? [
          { kind: 'text' as const, text: t('report.transport.booked') },
          {
            kind: 'table' as const,
            table: {
              head: [
                t('report.account.point'),
                t('report.account.carrier'),
                t('report.account.energy'),
                t('report.account.inScope'),
              ],
              align: ['left', 'left', 'right', 'left'] satisfies Align[],
              widths: [4, 1.6, 1.6, 1.4],
              rows: booked.map((row) => [
                row.name,
                words(`carrier.${row.carrier}`),
                text.kwh(row.energy_kwh),
                t(row.included ? 'report.yes' : 'report.no'),
              ]),
            },
          },
        ]
      : []),
    tableOr(
      {
        head: [
          words('dossier.fleet'),
          words('dossier.kind'),
          words('dossier.isOwn'),
          t('report.account.carrier'),
          t('report.account.energy'),
          'km',
          't·km',
          words('dossier.notes'),
        ],
        align: ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'left'],
        widths: [1.8, 1.2, 1, 1.1, 1.3, 1.2, 1.2, 2],
        rows: dossierOf(snapshot).transport.map((one) => [
          one.name,
          words(`dossier.transportKind.${one.kind}`),
          words(one.isOwn ? 'dossier.own' : 'dossier.hired'),
          words(`carrier.${one.carrier}`),
          energyText(one.energy_kwh, text),
          number(one.distance_km),
          number(one.haulage_tkm),
          one.notes,
        ]),
      },
      text,
    ),
  ];
}
