import { formulasOn, locales } from '@wattproof/energy';
import { describe, expect, test } from 'vitest';
import { receiptBlocks, receiptOf } from './audit-receipts.ts';
import { auditText } from './audit-text.ts';
import type { Table } from './block.ts';
import type { AuditReportSnapshot } from './snapshot.ts';
import { auditSnapshotFixture } from './snapshot-fixture.ts';

const tableOf = (snapshot: AuditReportSnapshot, locale: (typeof locales)[number]): Table | undefined =>
  receiptBlocks(snapshot, auditText(locale)).flatMap((block) =>
    block.kind === 'table' ? [block.table] : [],
  )[0];

describe('annex of receipts', () => {
  test.each(locales)(
    'names every headline figure with reference, formula, factors and quality in %s',
    (locale) => {
      const rows = tableOf(auditSnapshotFixture, locale)?.rows ?? [];
      expect(rows.map(([mark]) => mark)).toEqual(['R1', 'R2', 'R3', 'R4']);
      const [coverage, guide, measured, saving] = rows.map((row) => row.join('\n'));
      expect(coverage).toContain('auditCoverage~1~6f1c2a34-0000-4000-8000-000000000001~rule');
      expect(coverage).toContain('fr-2026-final-energy-80');
      expect(guide).toContain('~bill');
      expect(measured).toContain('measuredShare');
      expect(saving).toContain('enpiSaving~1~9a4e7c11-2b3d-4f5a-8c6d-7e8f90a1b2c3~energy');
    },
  );

  test('prints shares and versions as the data has them', () => {
    const known = { ...auditSnapshotFixture, formulas: { ...formulasOn('2026-11-22'), auditCoverage: 7 } };
    const [coverage, , measured, saving] = (tableOf(known, 'en')?.rows ?? []).map((row) => row[2]);
    expect(coverage).toContain('Formula auditCoverage, version 7');
    expect(coverage).toContain('1.23\u00a0% on estimated bills');
    expect(measured).toContain(
      'measured 98.20\u00a0%, interpolated 1.00\u00a0%, estimated 0.40\u00a0%, missing 0.40\u00a0%',
    );
    expect(saving).toContain('141 of 142 days known, measured 99.31\u00a0%');
  });

  test('the summary leads to the receipt of its figure', () => {
    const text = auditText('en');
    expect(receiptOf(auditSnapshotFixture, 'measured', text)).toEqual({
      receipt: { text: 'receipt R3', anchor: 'receipt-3' },
    });
    const [enpi] = auditSnapshotFixture.enpis;
    const two = { ...auditSnapshotFixture, enpis: enpi ? [enpi, enpi] : [] };
    expect(receiptOf(two, 'savings', text).receipt?.text).toBe('receipt R4–R5');
  });

  test('a snapshot of before the receipts has no annex', () => {
    const { receipts: _, ...before } = auditSnapshotFixture;
    expect(receiptBlocks(before, auditText('en'))).toEqual([]);
    expect(receiptOf(before, 'coverage', auditText('en'))).toEqual({});
  });
});
