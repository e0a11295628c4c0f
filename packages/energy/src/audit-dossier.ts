/**
 * What a person states about an audit: the auditor's words, the records of the sites, the measures. EN 16247-1 (report) and
 * Annex VI of Directive 2012/27/EU ask for it; nothing of it is computed.
 */
import type { LocalDate } from './calendar.ts';
import { evaluateInvestment, type InvestmentResult } from './investment.ts';
import type { Decimal } from './money.ts';
import type { Carrier } from './vocabulary.ts';

/** Sections of the report, in its order. Each takes the auditor's words and photos. */
export const reportSections = [
  'summary',
  'unit',
  'account',
  'coverage',
  'measured',
  'performance',
  'quality',
  'findings',
  'conduct',
  'buildings',
  'processes',
  'transport',
  'opportunities',
  'actionPlan',
] as const;
export type ReportSection = (typeof reportSections)[number];

/** How the audit was agreed and carried out; all in the auditor's words. */
export const conductFields = [
  'qualification',
  'independence',
  'aim',
  'boundaries',
  'thoroughness',
  'confidentiality',
  'measurementPlan',
  'startMeeting',
  'closingMeeting',
  'assumptions',
] as const;
export type ConductField = (typeof conductFields)[number];

/** A day at a site, or elsewhere where `siteId` is null. */
export interface SiteVisit {
  readonly siteId: string | null;
  readonly on: LocalDate;
  readonly areas: string;
  readonly people: string;
  readonly notes: string;
}

/** Building or group of buildings. */
export interface AuditedBuilding {
  readonly siteId: string | null;
  readonly name: string;
  readonly usage: string;
  readonly floorArea_m2: number | null;
  readonly builtIn: number | null;
  readonly envelope: string;
  /** Heating, cooling, ventilation, lighting, hot water. */
  readonly systems: string;
  readonly energy_kwh: Decimal | null;
}

export const processKinds = [
  'production',
  'steam',
  'heat',
  'refrigeration',
  'compressedAir',
  'drying',
  'furnace',
  'pumping',
  'ventilation',
  'cleaning',
  'other',
] as const;
export type ProcessKind = (typeof processKinds)[number];

export interface AuditedProcess {
  readonly siteId: string | null;
  readonly name: string;
  readonly kind: ProcessKind;
  readonly description: string;
  readonly energy_kwh: Decimal | null;
}

export const transportKinds = ['car', 'van', 'truck', 'mobileMachinery', 'rail', 'ship', 'air'] as const;
export type TransportKind = (typeof transportKinds)[number];

export interface AuditedTransport {
  readonly name: string;
  readonly kind: TransportKind;
  /** Own or long leased; hired haulage otherwise. */
  readonly isOwn: boolean;
  readonly carrier: Carrier;
  readonly energy_kwh: Decimal | null;
  readonly distance_km: Decimal | null;
  readonly haulage_tkm: Decimal | null;
  readonly notes: string;
}

export const opportunityStates = ['proposed', 'retained', 'notRetained'] as const;
export type OpportunityState = (typeof opportunityStates)[number];
export const opportunityAreas = ['buildings', 'processes', 'transport', 'management', 'renewables'] as const;
export type OpportunityArea = (typeof opportunityAreas)[number];

/** A measure with what its evaluation rests on. */
export interface Opportunity {
  readonly title: string;
  readonly siteId: string | null;
  readonly area: OpportunityArea;
  readonly description: string;
  readonly carrier: Carrier;
  readonly saving_kwh_per_year: Decimal;
  /** How exact the saving is estimated, percent; null: not stated. */
  readonly accuracy_percent: Decimal | null;
  readonly currency: string;
  readonly savingPerYear: Decimal;
  readonly cost: Decimal;
  readonly subsidy: Decimal;
  readonly lifetime_years: number;
  readonly residualValue: Decimal;
  readonly discountRate_percent: Decimal;
  readonly priceChange_percent: Decimal;
  readonly interactions: string;
  /** How the saving will be measured and verified. */
  readonly verification: string;
  readonly state: OpportunityState;
  /** Why it is not retained. */
  readonly reason: string;
  readonly responsible: string;
  readonly dueOn: LocalDate | null;
  /** Left out of the action plan that is published. */
  readonly isConfidential: boolean;
}

export interface AuditDossier {
  readonly conduct: Readonly<Partial<Record<ConductField, string>>>;
  readonly texts: Readonly<Partial<Record<ReportSection, string>>>;
  readonly visits: readonly SiteVisit[];
  readonly buildings: readonly AuditedBuilding[];
  readonly processes: readonly AuditedProcess[];
  readonly transport: readonly AuditedTransport[];
  readonly opportunities: readonly Opportunity[];
}

export const emptyDossier: AuditDossier = {
  conduct: {},
  texts: {},
  visits: [],
  buildings: [],
  processes: [],
  transport: [],
  opportunities: [],
};

/** What stands open before an auditor can sign. */
export const openStatements = [
  ...conductFields,
  'visits',
  'describedParts',
  'opportunities',
  'notRetainedReason',
] as const;
export type OpenStatement = (typeof openStatements)[number];

/** What must be stated for EN 16247-1 and is not: fields, a visit, a part (building, process or transport), a measure. */
export function openStatementsOf(dossier: AuditDossier): readonly OpenStatement[] {
  const isEmpty = (text: string | undefined): boolean => (text ?? '').trim() === '';
  const { buildings, processes, transport, opportunities } = dossier;
  return [
    ...conductFields.filter((field) => isEmpty(dossier.conduct[field])),
    ...(dossier.visits.length === 0 ? (['visits'] as const) : []),
    ...(buildings.length + processes.length + transport.length === 0 ? (['describedParts'] as const) : []),
    // An audit that found nothing says so in words.
    ...(opportunities.length === 0 && isEmpty(dossier.texts.opportunities)
      ? (['opportunities'] as const)
      : []),
    ...(opportunities.some(({ state, reason }) => state === 'notRetained' && isEmpty(reason))
      ? (['notRetainedReason'] as const)
      : []),
  ];
}

/** What an opportunity is worth over its life. */
export const opportunityValue = (one: Opportunity): InvestmentResult =>
  evaluateInvestment({
    cost: Number(one.cost),
    subsidy: Number(one.subsidy),
    savingPerYear: Number(one.savingPerYear),
    lifetime_years: one.lifetime_years,
    residualValue: Number(one.residualValue),
    discountRate_percent: Number(one.discountRate_percent),
    priceChange_percent: Number(one.priceChange_percent),
  });
