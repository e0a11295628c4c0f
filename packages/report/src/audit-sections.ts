import { criterionText, formatInstant, obligedUnitText } from '@wattproof/messages';
import { receiptOf } from './audit-receipts.ts';
import { reissueNote } from './audit-reissue.ts';
import { effectiveText } from './audit-rule-text.ts';
import { type AuditText, rowName } from './audit-text.ts';
import type { Block, KeyFigure, Tone } from './block.ts';
import type { AuditReportSnapshot, QualityShares, ReportObligation } from './snapshot.ts';

/** Sections 1, 2, 5, 7 and 8. */

const verdictTones: Readonly<Record<AuditReportSnapshot['verdict'], Tone>> = {
  reached: 'good',
  notReached: 'crit',
  insufficientData: 'warn',
  unverifiedRule: 'warn',
};

export function summaryBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t } = text;
  const { coverage, guide, rule, measured, enpis, verdict } = snapshot;
  const basis = text.basis(coverage.basis);
  const threshold = text.percent(Number(rule.threshold), 0);
  const proved = enpis.filter((enpi) => enpi.savings.verdict === 'saving').length;
  const tone = verdictTones[verdict];
  const items: KeyFigure[] = [
    {
      label: t('report.summary.coverage'),
      value: text.exactPercent(coverage.share_percent),
      detail: t('report.summary.threshold', { threshold, basis }),
      tone,
      ...receiptOf(snapshot, 'coverage', text),
    },
    {
      label: t('report.summary.guide'),
      value: text.exactPercent(guide.share_percent),
      detail: t('report.summary.guideDetail'),
      tone: 'plain',
      ...receiptOf(snapshot, 'guide', text),
    },
    {
      label: t('report.summary.measured'),
      value: text.percent(measured.share),
      detail: t('report.summary.measuredDetail'),
      tone: 'plain',
      ...receiptOf(snapshot, 'measured', text),
    },
    {
      label: t('report.summary.savings'),
      value: `${proved}/${enpis.length}`,
      detail: t('report.summary.savingsDetail', { n: proved, all: enpis.length }),
      tone: 'plain',
      ...receiptOf(snapshot, 'savings', text),
    },
  ];
  return [
    ...(snapshot.audit.signedOn === null
      ? [{ kind: 'note' as const, text: t('report.draftWhy'), tone: 'warn' as const }]
      : []),
    ...reissueNote(snapshot, text),
    { kind: 'heading', level: 1, text: t('report.summary') },
    { kind: 'figures', items },
    {
      kind: 'note',
      text: t(`report.verdict.${verdict}`, {
        share: text.exactPercent(coverage.share_percent),
        basis,
        threshold,
      }),
      tone,
    },
  ];
}

/** What the law in force asks of the entity, and why; what is no law is said to be none. */
function obligationBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { words } = text;
  const shown = (snapshot.obligations ?? []).filter(({ outcome }) => outcome !== 'notAddressed');
  if (shown.length === 0) return [];
  const isOwed = (one: ReportObligation): boolean => one.outcome === 'obliged' || one.outcome === 'exempt';
  const result = (one: ReportObligation): string =>
    [
      words(`obligation.${one.standing === 'law' ? 'outcome' : 'asIf'}.${one.outcome}`),
      one.standing === 'law' ? '' : words(`obligation.standing.${one.standing}`),
      one.reviewer
        ? words('obligation.reviewedBy', { name: one.reviewer.name, date: text.date(one.reviewer.date) })
        : words(`audit.verification.${one.verification}`),
      one.standing === 'law' && !one.isVerdict ? words('obligation.noVerdict') : '',
    ]
      .filter(Boolean)
      .join('\n');
  return [
    { kind: 'heading', level: 2, text: words('obligation.head') },
    {
      kind: 'table',
      table: {
        head: [
          words('obligation.duty'),
          words('obligation.outcome'),
          words('obligation.why'),
          words('obligation.due'),
        ],
        align: ['left', 'left', 'left', 'left'],
        widths: [2.2, 2, 4, 1.4],
        rows: shown.map((one) => [
          `${words(`obligation.duty.${one.duty}`)}\n${one.ruleId}`,
          result(one),
          [...one.criteria.map((criterion) => criterionText(words, criterion)), one.source].join('\n'),
          isOwed(one) && one.dueOn ? text.date(one.dueOn) : '–',
        ]),
      },
    },
  ];
}

export function unitBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  const { audit, entity, rule } = snapshot;
  const countryKey = `country.${entity.country}`;
  return [
    { kind: 'heading', level: 1, text: t('report.unit') },
    {
      kind: 'facts',
      rows: [
        [t('report.unit.entity'), entity.name],
        [t('report.unit.registration'), entity.registrationNumber || t('report.unknown')],
        [t('report.unit.country'), isCountryKey(countryKey) ? words(countryKey) : entity.country],
        [t('report.unit.organisation'), snapshot.organisationName],
        [
          t('report.unit.period'),
          t('report.unit.effectiveFromTo', {
            from: text.date(audit.periodFrom),
            to: text.lastDay(audit.periodTo),
          }),
        ],
        [t('report.unit.due'), audit.dueOn ? text.date(audit.dueOn) : t('report.unknown')],
        [t('report.unit.auditor'), audit.auditorName || t('report.unknown')],
        [t('report.unit.rule', { date: text.date(rule.date) }), rule.id],
        [t('report.unit.basis'), text.basis(rule.basis)],
        [t('report.unit.threshold'), text.percent(Number(rule.threshold), 0)],
        [t('report.unit.obliged'), obligedUnitText(words, rule.obligedUnit)],
        [t('report.unit.effective'), effectiveText(rule, text)],
        [t('report.unit.source'), rule.source],
        [t('report.unit.verification'), t(`report.verification.${rule.verification}`)],
      ],
    },
    ...obligationBlocks(snapshot, text),
    { kind: 'heading', level: 2, text: t('report.unit.sites') },
    {
      kind: 'table',
      table: {
        head: [t('report.unit.site'), t('report.unit.activity'), t('report.unit.area')],
        align: ['left', 'left', 'right'],
        widths: [2, 4, 1.2],
        rows: snapshot.sites.map((site) => [
          site.name,
          site.activity,
          site.floorArea_m2 === null ? '–' : text.number(site.floorArea_m2, 0),
        ]),
      },
    },
  ];
}

const countryKeys = [
  'country.FR',
  'country.DE',
  'country.ES',
  'country.BE',
  'country.IT',
  'country.GB',
] as const;
const isCountryKey = (key: string): key is (typeof countryKeys)[number] =>
  (countryKeys as readonly string[]).includes(key);

export function measuredBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t, words } = text;
  const { sites, uses } = snapshot.measured;
  const seen = uses.reduce((sum, use) => sum + (use.share ?? 0), 0);
  return [
    { kind: 'heading', level: 1, text: t('report.measured') },
    { kind: 'text', text: t('report.measured.text') },
    {
      kind: 'table',
      table: {
        head: [
          t('report.measured.site'),
          t('report.measured.account'),
          t('report.measured.metered'),
          t('report.measured.share'),
        ],
        align: ['left', 'right', 'right', 'right'],
        widths: [3, 2, 2, 1.6],
        rows: sites.map((site) => [
          site.siteName,
          text.kwh(site.account_kwh),
          text.kwh(site.metered_kwh),
          text.percent(site.share),
        ]),
      },
    },
    {
      kind: 'table',
      table: {
        head: [t('report.measured.use'), t('report.measured.metered'), t('report.measured.ofAccount')],
        align: ['left', 'right', 'right'],
        widths: [3, 2, 1.6],
        rows: uses.map((use) => [
          use.use === null ? t('report.measured.noUse') : words(`use.${use.use}`),
          text.kwh(use.metered_kwh),
          text.percent(use.share),
        ]),
        total: [t('report.measured.unmetered'), '', text.percent(Math.max(0, 1 - seen))],
      },
    },
  ];
}

const classes = ['measured', 'interpolated', 'estimated', 'manual', 'missing'] as const;

export function qualityBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t } = text;
  const shares = (quality: QualityShares | null): string[] =>
    classes.map((name) => (quality ? text.percent(quality[name], 2) : '–'));
  return [
    { kind: 'heading', level: 1, text: t('report.quality') },
    { kind: 'text', text: t('report.quality.text') },
    {
      kind: 'table',
      table: {
        head: [t('report.measured.site'), ...classes.map((name) => t(`report.quality.${name}`))],
        align: ['left', ...classes.map(() => 'right' as const)],
        widths: [2.4, ...classes.map(() => 1.3)],
        rows: snapshot.measured.sites.map((site) => [site.siteName, ...shares(site.quality)]),
      },
    },
    { kind: 'heading', level: 2, text: t('report.quality.events') },
    snapshot.events.length === 0
      ? { kind: 'text', text: t('report.quality.noEvents') }
      : {
          kind: 'table',
          table: {
            head: [
              t('report.quality.at'),
              t('report.measured.site'),
              t('report.quality.meter'),
              t('report.quality.event'),
              t('report.quality.origin'),
            ],
            align: ['left', 'left', 'left', 'left', 'left'],
            widths: [2, 1.5, 2.6, 2, 2],
            rows: snapshot.events.map((event) => [
              formatInstant(text.locale, event.timeZone, event.at, 'dateTime'),
              event.siteName,
              event.meterName,
              t(`report.event.${event.kind}`),
              t(`report.origin.${event.origin}`),
            ]),
          },
        },
  ];
}

/** Below this a site's meters see too little of its energy to be silent about it. */
const leastMeasuredShare = 0.8;

/** Months of delivery points that a sentence names; the matrix of section 4 has them all. */
const mostNamed = 12;
const listOf = (holes: readonly string[]): string =>
  `${holes.slice(0, mostNamed).join(', ')}${holes.length > mostNamed ? ' …' : ''}`;

export function findingBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t } = text;
  const holes = snapshot.rows.flatMap((row) =>
    row.cells
      .filter((cell) => cell.state === 'missing' || cell.state === 'overlapping')
      .map((cell) => `${rowName(row)} (${text.month(cell.month)})`),
  );
  const items = [
    ...(holes.length > 0
      ? [t('report.findings.missingCells', { n: holes.length, list: listOf(holes) })]
      : []),
    ...(snapshot.coverage.estimatedShare > 0
      ? [t('report.findings.estimated', { share: text.percent(snapshot.coverage.estimatedShare) })]
      : []),
    ...snapshot.measured.sites
      .filter((site) => site.share !== null && site.share < leastMeasuredShare)
      .map((site) =>
        t('report.findings.unmetered', { site: site.siteName, share: text.percent(site.share) }),
      ),
    ...snapshot.enpis
      .filter((enpi) => enpi.savings.verdict === 'excess')
      .map((enpi) =>
        t('report.findings.excess', {
          site: enpi.siteName,
          name: enpi.name,
          share: text.percent(enpi.savings.share.value),
          halfWidth: text.percent(enpi.savings.share.halfWidth),
        }),
      ),
    ...snapshot.findings.map((finding) => text.finding(finding)),
  ];
  const unique = [...new Set(items)];
  return [
    { kind: 'heading', level: 1, text: t('report.findings') },
    unique.length > 0 ? { kind: 'list', items: unique } : { kind: 'text', text: t('report.findings.none') },
  ];
}
