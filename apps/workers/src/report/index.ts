export { auditSnapshot, type SnapshotInput } from './audit-snapshot.ts';
export { makeAuditReport, type ReportStep, reportSteps } from './make-audit-report.ts';
