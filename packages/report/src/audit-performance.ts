import { cusumScale } from './audit-charts.ts';
import type { AuditText } from './audit-text.ts';
import type { Block } from './block.ts';
import type { AuditReportSnapshot, ReportEnpi, ReportUncertain } from './snapshot.ts';

/** Section 6: EnPIs against their baselines. */

export const cusumFile = (position: number): string => `cusum-${position + 1}.svg`;

/** Coefficients are kept in Wh per unit of the variable; people read kWh a day, kWh per t, kWh per K·d. */
function term(part: ReportEnpi['terms'][number], text: AuditText): string[] {
  const { t } = text;
  const isProduction = part.name === 'production_g';
  // Wh/g = MWh/t = 1000 kWh/t.
  const scale = isProduction ? 1_000 : 1 / 1_000;
  const base = part.base_c === null ? '' : text.number(part.base_c, Number.isInteger(part.base_c) ? 0 : 1);
  const name = isProduction
    ? t('report.performance.production')
    : part.name === 'hdd'
      ? t('report.performance.hdd', { base })
      : part.name === 'cdd'
        ? t('report.performance.cdd', { base })
        : part.name === 'intercept'
          ? t('report.performance.intercept')
          : part.name;
  const value = part.value * scale;
  const decimals = Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return [
    name,
    text.number(value, decimals),
    text.number(part.standardError * scale, decimals),
    part.p === null ? '–' : part.p < 0.001 ? `<\u00a0${text.number(0.001, 3)}` : text.number(part.p, 3),
  ];
}

const halfWidth = (value: ReportUncertain, print: (half: number) => string): string | null =>
  value.halfWidth === null ? null : print(value.halfWidth);

function change({ savings }: ReportEnpi, text: AuditText): string {
  const { t } = text;
  const energy = text.energy(savings.energy_wh.value, true);
  const share = text.percent(savings.share.value);
  const half = halfWidth(savings.energy_wh, (wh) => text.energy(wh));
  const shareHalf = halfWidth(savings.share, (s) => text.percent(s));
  if (half === null || shareHalf === null) return t('report.performance.changeOnly', { energy, share });
  return t('report.performance.changeValue', {
    energy,
    halfWidth: half,
    share,
    shareHalfWidth: shareHalf,
    confidence: text.percent(savings.share.confidence, 0),
  });
}

function enpiBlocks(enpi: ReportEnpi, position: number, text: AuditText): Block[] {
  const { t } = text;
  const { savings, statistics } = enpi;
  const last = enpi.cusum[enpi.cusum.length - 1];
  return [
    {
      kind: 'heading',
      level: 2,
      text: t('report.performance.heading', { site: enpi.siteName, name: enpi.name }),
    },
    {
      kind: 'text',
      text: t('report.performance.model', {
        from: text.date(enpi.baselineFrom),
        to: text.lastDay(enpi.baselineTo),
        version: String(enpi.version),
        n: String(statistics.n),
      }),
    },
    {
      kind: 'table',
      table: {
        head: [
          t('report.performance.term'),
          t('report.performance.coefficient'),
          t('report.performance.error'),
          t('report.performance.p'),
        ],
        align: ['left', 'right', 'right', 'right'],
        widths: [4, 1.6, 1.6, 1],
        rows: enpi.terms.map((part) => term(part, text)),
      },
    },
    {
      kind: 'text',
      text: t('report.performance.fit', {
        r2: text.number(statistics.adjustedR2, 3),
        cv: text.percent(statistics.cvRmse),
        rho: text.number(statistics.autocorrelation, 2),
      }),
    },
    {
      kind: 'facts',
      isWhole: true,
      rows: [
        [
          t('report.performance.reporting'),
          t('report.performance.reportingDays', {
            from: text.date(savings.from),
            to: text.lastDay(savings.to),
            known: String(savings.knownDays),
            days: String(savings.days),
          }),
        ],
        [t('report.performance.actual'), text.energy(savings.actual_wh)],
        [t('report.performance.expected'), text.energy(savings.expected_wh)],
        [t('report.performance.change'), change(enpi, text)],
        [
          t('report.performance.parts'),
          t('report.performance.partsValue', {
            model: text.percent(savings.modelHalfWidth, 2),
            metering: text.percent(savings.meteringHalfWidth, 2),
          }),
        ],
        [t('report.performance.cost'), text.money(savings.cost)],
        [t('report.performance.verdict'), t(`report.performance.${savings.verdict}`)],
      ],
    },
    ...(last
      ? [
          {
            kind: 'image' as const,
            file: cusumFile(position),
            alt: t('report.performance.cusumAlt', { value: text.energy(last.cusum_wh, true) }),
            caption: t('report.performance.cusum', { unit: cusumScale(enpi).unit }),
          },
        ]
      : []),
    ...(enpi.findings.length > 0
      ? [{ kind: 'list' as const, items: enpi.findings.map((finding) => text.finding(finding)) }]
      : []),
  ];
}

export function performanceBlocks(snapshot: AuditReportSnapshot, text: AuditText): Block[] {
  const { t } = text;
  return [
    { kind: 'heading', level: 1, text: t('report.performance') },
    { kind: 'text', text: t('report.performance.text') },
    ...(snapshot.enpis.length === 0
      ? [{ kind: 'text' as const, text: t('report.performance.none') }]
      : snapshot.enpis.flatMap((enpi, i) => enpiBlocks(enpi, i, text))),
  ];
}
