export { auditReportName, renderAuditReport, snapshotFingerprint } from './audit-report.ts';
export { pdfStandard } from './document-pdf.ts';
export { type FigureOfReport, reportDifferences, reportFigures } from './report-figure.ts';
export * from './snapshot.ts';
