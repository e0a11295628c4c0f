import type { ConfigurationFinding } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';

/** A finding in the reader's language; rules of slots and supplies come in the catalogue's own words. */
export function findingText(t: PortalTranslator, { code, data, message }: ConfigurationFinding): string {
  const key = `configuration.finding.${code}`;
  if (t.has(key)) return t(key, data);
  const ofLine = `calc.line.${code}`;
  return t.has(ofLine) ? t(ofLine, data) : message;
}
