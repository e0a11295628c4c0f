import { locales, reportFigureNames } from '@wattproof/energy';
import { differenceText, portalTranslator } from '@wattproof/messages';
import { expect, test } from 'vitest';
import { reportDifferences, reportFigures } from './report-figure.ts';
import type { AuditReportSnapshot } from './snapshot.ts';
import { auditSnapshotFixture } from './snapshot-fixture.ts';

const changed = (part: Partial<AuditReportSnapshot>): AuditReportSnapshot => ({
  ...auditSnapshotFixture,
  ...part,
});

test('the same report says nothing otherwise, and every figure of it is counted', () => {
  const stored = JSON.parse(JSON.stringify(auditSnapshotFixture)) as AuditReportSnapshot;
  const known = reportFigures(stored).filter(({ value }) => value !== null);
  expect(reportDifferences(auditSnapshotFixture, stored)).toEqual({
    differences: [],
    unchanged: known.length,
  });
  expect(known.length).toBeGreaterThan(40);
  const names = new Set(known.map(({ figure }) => figure));
  for (const name of ['coverage', 'guide.total', 'rowShare', 'useMetered', 'saving', 'verdict'] as const)
    expect(names, name).toContain(name);
});

test('each figure that differs is named with both values, the difference and what computes it', () => {
  const [row, ...rows] = auditSnapshotFixture.rows;
  if (!row) throw new Error('the fixture has no rows');
  const after = changed({
    coverage: { ...auditSnapshotFixture.coverage, share_percent: '79.99', reachesThreshold: false },
    verdict: 'notReached',
    rows: [{ ...row, energy_kwh: `${Number(row.energy_kwh) + 0.125}` }, ...rows],
    measured: { ...auditSnapshotFixture.measured, share: null },
  });
  const { differences, unchanged } = reportDifferences(auditSnapshotFixture, after);
  const before = auditSnapshotFixture.coverage.share_percent ?? '';
  expect(differences.map(({ figure }) => figure)).toEqual([
    'coverage',
    'reached',
    'verdict',
    'rowEnergy',
    'measuredShare',
  ]);
  expect(differences).toMatchObject([
    { before, after: '79.99', formulas: ['auditCoverage'], factor: 'auditRule', unit: '%' },
    { after: 'no', difference: null },
    { after: 'notReached', difference: null },
    { difference: '0.125', unit: 'kWh', subject: expect.stringContaining(row.name) },
    { after: null, difference: null, formulas: ['measuredShare', 'auditCoverage'] },
  ]);
  expect(unchanged).toBeGreaterThan(35);
});

test('a row that only one of them has stands against nothing; two of one name are two', () => {
  const [row] = auditSnapshotFixture.rows;
  if (!row) throw new Error('the fixture has no rows');
  const twice = changed({ rows: [...auditSnapshotFixture.rows, { ...row, energy_kwh: '1.000' }] });
  const { differences } = reportDifferences(auditSnapshotFixture, twice);
  expect(differences.find(({ figure }) => figure === 'rowEnergy')).toMatchObject({
    before: null,
    after: '1.000',
  });
});

test.each(locales)('every figure has its words in %s, and says so where no version is why', (locale) => {
  const t = portalTranslator(locale);
  const formulas = [{ formula: 'auditCoverage' as const, from: 1, to: 2, steps: [] }];
  for (const figure of reportFigureNames) {
    const one = {
      figure,
      subject: '',
      unit: 'kWh',
      before: '1.5',
      after: '2',
      difference: '0.5',
      formulas: ['auditCoverage' as const],
      factor: null,
    };
    const text = differenceText(t, one, { formulas, factors: [] });
    // Names of figures begin small, their words do not.
    expect(text.figure).toMatch(/^\p{Lu}/u);
    expect(text.why).toContain('1 → 2');
    expect(differenceText(t, one, { formulas: [], factors: [] }).why).toBe(t('reissue.unexplained'));
  }
});
