import type { Finding } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';

/** A finding in the reader's language, by its code; the service's own sentence where the code is new. */
export function findingText(finding: Finding, t: PortalTranslator): string {
  const key = `finding.${finding.code}`;
  return t.has(key) ? t(key) : finding.message;
}
