export { auditReportName, renderAuditReport, snapshotFingerprint } from './audit-report.ts';
export { pdfStandard } from './document-pdf.ts';
export * from './snapshot.ts';
