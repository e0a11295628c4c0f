import type { AuditText } from './audit-text.ts';
import type { ReportRule } from './snapshot.ts';

/** Since when and until when a rule is in force. */
export function effectiveText(rule: ReportRule, { t, date, lastDay }: AuditText): string {
  const { effectiveFrom: from, effectiveTo: to } = rule;
  if (from && to) return t('report.unit.effectiveFromTo', { from: date(from), to: lastDay(to) });
  if (from) return t('report.unit.effectiveFrom', { from: date(from) });
  if (to) return t('report.unit.effectiveTo', { to: lastDay(to) });
  return t('report.unit.effectiveOpen');
}
