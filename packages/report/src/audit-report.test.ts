import { createHash } from 'node:crypto';
import { formulaChanges, formulasOn, locales } from '@wattproof/energy';
import { describe, expect, test } from 'vitest';
import { auditReportName, renderAuditReport, snapshotFingerprint } from './audit-report.ts';
import { settableText } from './document-pdf.ts';
import { documentFonts } from './font.ts';
import type { AuditReportSnapshot } from './snapshot.ts';
import { auditSnapshotFixture } from './snapshot-fixture.ts';
import { openTypeOf } from './woff.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('audit report', { timeout: 30_000 }, () => {
  test('is a tagged PDF/A-2a in the language of the document', () => {
    const pdf = renderAuditReport(auditSnapshotFixture, 'fr').toString('latin1');
    expect(pdf.startsWith('%PDF-1.7')).toBe(true);
    expect(pdf).toContain('<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>');
    expect(pdf).toContain('<rdf:li>fr</rdf:li>');
    expect(pdf).toMatch(/\/StructTreeRoot/);
  });

  test('the same snapshot gives the same bytes, also after it was stored as JSON', () => {
    const stored = JSON.parse(JSON.stringify(auditSnapshotFixture)) as AuditReportSnapshot;
    const first = renderAuditReport(auditSnapshotFixture, 'en');
    expect(sha256(renderAuditReport(stored, 'en'))).toBe(sha256(first));
    const reversed = Object.fromEntries(
      Object.entries(stored).toReversed(),
    ) as unknown as AuditReportSnapshot;
    expect(snapshotFingerprint(reversed)).toBe(snapshotFingerprint(auditSnapshotFixture));
    expect(sha256(renderAuditReport(reversed, 'en'))).toBe(sha256(first));
  });

  test('another figure gives another fingerprint and other bytes', () => {
    const changed: AuditReportSnapshot = {
      ...auditSnapshotFixture,
      coverage: { ...auditSnapshotFixture.coverage, share_percent: '79.99' },
    };
    expect(snapshotFingerprint(changed)).not.toBe(snapshotFingerprint(auditSnapshotFixture));
    expect(sha256(renderAuditReport(changed, 'en'))).not.toBe(
      sha256(renderAuditReport(auditSnapshotFixture, 'en')),
    );
  });

  test.each(locales)('can be set in %s, with nothing in it', (locale) => {
    const empty: AuditReportSnapshot = {
      ...auditSnapshotFixture,
      verdict: 'insufficientData',
      rows: [],
      sites: [],
      enpis: [],
      events: [],
      findings: [],
      coverage: { ...auditSnapshotFixture.coverage, share_percent: null, reachesThreshold: null },
      measured: { share: null, sites: [], uses: [] },
    };
    expect(renderAuditReport(empty, locale).length).toBeGreaterThan(10_000);
    expect(auditReportName(empty, locale)).toContain('Belleroche SAS');
  });

  test('a re-issue says what it replaces and which figures differ', () => {
    const reissued: AuditReportSnapshot = {
      ...auditSnapshotFixture,
      uses: [{ siteName: 'Laval', carrier: 'electricity', energyUse: 'refrigeration', share: '0.412345' }],
      reissue: {
        documentId: '00000000-0000-4000-8000-000000000000',
        sha256: 'a'.repeat(64),
        fingerprint: 'b'.repeat(64),
        signature: { id: 's', name: 'Jeanne Lefèvre', at: '2026-11-22T19:00:00Z' },
        formulas: formulaChanges(formulasOn('2026-11-22')),
        factors: [
          {
            role: 'auditRule',
            id: 'fr-2026-final-energy-80',
            runningId: 'fr-2026-final-energy-80',
            members: [{ member: 'threshold', before: '0.80', after: '0.85' }],
          },
        ],
        differences: [
          {
            figure: 'coverage',
            subject: '',
            unit: '%',
            before: '90.00',
            after: '81.81',
            difference: '-8.19',
            formulas: ['auditCoverage'],
            factor: 'auditRule',
          },
        ],
        unchanged: 12,
      },
    };
    const { reissue: _, ...plain } = reissued;
    expect(renderAuditReport(reissued, 'de').length).toBeGreaterThan(renderAuditReport(plain, 'de').length);
  });

  test('names in a script that the typeface lacks do not stop the document', () => {
    expect(settableText('Usine 北京 n° 3 – €')).toBe('Usine ?? n° 3 – €');
    const foreign: AuditReportSnapshot = { ...auditSnapshotFixture, organisationName: '北京' };
    expect(renderAuditReport(foreign, 'en').length).toBeGreaterThan(10_000);
  });
});

describe('fonts', () => {
  test('come out of their packing as OpenType with the tables that a font needs', () => {
    for (const font of documentFonts()) {
      expect([0x00010000, 0x4f54544f]).toContain(font.readUInt32BE(0));
      const count = font.readUInt16BE(4);
      const tags = Array.from({ length: count }, (_, i) => font.toString('latin1', 12 + 16 * i, 16 + 16 * i));
      expect(tags).toEqual(expect.arrayContaining(['cmap', 'head', 'hhea', 'hmtx', 'maxp', 'name']));
    }
  });

  test('something else is refused', () => {
    expect(() => openTypeOf(Buffer.from('not a font at all, whatever its name says'))).toThrow(RangeError);
  });
});
