import {
  addDecimal,
  emptyDossier,
  type InvestmentResult,
  type Opportunity,
  opportunityValue,
} from '@wattproof/energy';
import { siteNameOf } from './audit-stated.ts';
import type { AuditText } from './audit-text.ts';
import type { Block } from './block.ts';
import type { AuditReportSnapshot } from './snapshot.ts';

/** Sections 13 and 14: what could be done and what it is worth; what of it is made public. */

interface Ranked {
  readonly opportunity: Opportunity;
  readonly result: InvestmentResult;
}

/** The highest net present value first, currencies apart; equal ones as they were entered. */
function ranked(snapshot: AuditReportSnapshot): readonly Ranked[] {
  return (snapshot.dossier?.content ?? emptyDossier).opportunities
    .map(
      (opportunity, i): Ranked => ({
        opportunity,
        // Snapshots of before the values stood in them: by the formula that runs.
        result: snapshot.investments?.[i] ?? opportunityValue(opportunity),
      }),
    )
    .sort(
      (a, b) =>
        (a.opportunity.currency < b.opportunity.currency
          ? -1
          : a.opportunity.currency > b.opportunity.currency
            ? 1
            : 0) || b.result.netPresentValue - a.result.netPresentValue,
    );
}

const money = (value: number, currency: string, text: AuditText): string =>
  text.money({ amount: String(Math.round(value)), currency });

const years = (value: number | null, decimals: number, text: AuditText): string =>
  value === null ? '–' : text.words('dossier.years', { count: value, years: text.number(value, decimals) });

function detailBlocks(
  { opportunity: one, result }: Ranked,
  {
    position,
    snapshot,
    text,
  }: { readonly position: number; readonly snapshot: AuditReportSnapshot; readonly text: AuditText },
): Block[] {
  const { words } = text;
  const percent = (value: string): string => text.percent(Number(value) / 100);
  const stated = (value: string): string => value || text.t('report.notStated');
  return [
    { kind: 'heading', level: 2, text: `${position}. ${one.title}` },
    {
      kind: 'facts',
      rows: [
        [words('dossier.description'), stated(one.description)],
        [words('dossier.site'), siteNameOf(snapshot, one.siteId, text)],
        [words('dossier.area'), words(`dossier.opportunityArea.${one.area}`)],
        [
          words('dossier.saving'),
          [
            `${text.kwh(one.saving_kwh_per_year)}\u00a0kWh${one.accuracy_percent === null ? '' : ` ± ${percent(one.accuracy_percent)}`}`,
            words(`carrier.${one.carrier}`),
          ].join(', '),
        ],
        [words('dossier.savingMoney'), text.money({ amount: one.savingPerYear, currency: one.currency })],
        [words('dossier.cost'), text.money({ amount: one.cost, currency: one.currency })],
        [words('dossier.subsidy'), text.money({ amount: one.subsidy, currency: one.currency })],
        [words('dossier.lifetime'), years(one.lifetime_years, 0, text)],
        [words('dossier.residual'), text.money({ amount: one.residualValue, currency: one.currency })],
        [
          text.t('report.rates'),
          `${percent(one.discountRate_percent)} / ${percent(one.priceChange_percent)}`,
        ],
        [words('dossier.npv'), money(result.netPresentValue, one.currency, text)],
        [words('dossier.npvHalf'), money(result.netPresentValueAtHalfLife, one.currency, text)],
        [
          words('dossier.irr'),
          result.internalRate_percent === null ? '–' : text.percent(result.internalRate_percent / 100),
        ],
        [
          words('dossier.payback'),
          `${years(result.simplePayback_years, 1, text)} / ${years(result.discountedPayback_years, 0, text)}`,
        ],
        [words('dossier.interactions'), stated(one.interactions)],
        [words('dossier.verification'), stated(one.verification)],
        [
          words('dossier.state'),
          [words(`dossier.opportunityState.${one.state}`), one.reason].filter(Boolean).join(': '),
        ],
        [
          words('dossier.responsible'),
          [stated(one.responsible), one.dueOn ? text.date(one.dueOn) : ''].filter(Boolean).join(', '),
        ],
      ],
    },
  ];
}

export function opportunityBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  const all = ranked(snapshot);
  return [
    { kind: 'heading', level: 1, text: t('report.opportunities') },
    { kind: 'text', text: t('report.opportunities.text') },
    all.length === 0
      ? { kind: 'text', text: t('report.notStated') }
      : {
          kind: 'table',
          table: {
            head: [
              words('dossier.measure'),
              words('dossier.savingYear'),
              words('dossier.savingMoney'),
              words('dossier.ownCost'),
              words('dossier.npv'),
              words('dossier.irr'),
              words('dossier.paybackShort'),
              words('dossier.state'),
            ],
            align: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
            widths: [2.4, 1.2, 1.2, 1.3, 1.3, 1, 1.25, 1.6],
            rows: all.map(({ opportunity: one, result }, i) => [
              `${i + 1}. ${one.title}\n${siteNameOf(snapshot, one.siteId, text)}`,
              text.kwh(one.saving_kwh_per_year),
              money(Number(one.savingPerYear), one.currency, text),
              money(Number(one.cost) - Number(one.subsidy), one.currency, text),
              money(result.netPresentValue, one.currency, text),
              result.internalRate_percent === null ? '–' : text.percent(result.internalRate_percent / 100),
              years(result.simplePayback_years, 1, text),
              words(`dossier.opportunityState.${one.state}`),
            ]),
          },
        },
    ...all.flatMap((one, i) => detailBlocks(one, { position: i + 1, snapshot, text })),
  ];
}

export function actionPlanBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  const all = ranked(snapshot).map(({ opportunity }) => opportunity);
  const shown = all.filter(({ isConfidential }) => !isConfidential);
  const retained = shown.filter(({ state }) => state === 'retained');
  let saving_kwh = '0';
  for (const one of retained) saving_kwh = addDecimal(saving_kwh, one.saving_kwh_per_year);
  return [
    { kind: 'heading', level: 1, text: t('report.actionPlan') },
    { kind: 'text', text: t('report.actionPlan.text') },
    shown.length === 0
      ? { kind: 'text', text: t('report.notStated') }
      : {
          kind: 'table',
          table: {
            head: [
              words('dossier.measure'),
              words('dossier.site'),
              words('dossier.savingYear'),
              words('dossier.state'),
              words('dossier.dueOn'),
              words('dossier.reason'),
            ],
            align: ['left', 'left', 'right', 'left', 'left', 'left'],
            widths: [2.6, 1.4, 1.4, 1.4, 1.2, 2.4],
            rows: shown.map((one) => [
              one.title,
              siteNameOf(snapshot, one.siteId, text),
              text.kwh(one.saving_kwh_per_year),
              words(`dossier.opportunityState.${one.state}`),
              one.dueOn ? text.date(one.dueOn) : '–',
              one.reason || '–',
            ]),
            total: [
              t('report.actionPlan.retained', { n: retained.length, all: shown.length }),
              '',
              text.kwh(saving_kwh),
              '',
              '',
              '',
            ],
          },
        },
    ...(all.length > shown.length
      ? [
          {
            kind: 'text' as const,
            text: t('report.actionPlan.confidential', { n: all.length - shown.length }),
          },
        ]
      : []),
  ];
}
