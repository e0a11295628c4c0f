import type { ConfigurationFinding, ConfigurationVersion } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';

/** A finding in the reader's language; rules of slots and supplies come in the catalogue's own words. */
export function findingText(t: PortalTranslator, { code, data, message }: ConfigurationFinding): string {
  const key = `configuration.finding.${code}`;
  if (t.has(key)) return t(key, data);
  const ofLine = `calc.line.${code}`;
  return t.has(ofLine) ? t(ofLine, data) : message;
}

/** Why a gateway did not keep a version: the reason in the reader's language, then what the gateway named. */
export function returnText(
  t: PortalTranslator,
  { reason, message }: Pick<ConfigurationVersion, 'reason' | 'message'>,
): string {
  if (!reason) return message ?? '';
  const named =
    reason === 'devicesSilent' ? message?.split(': ').at(-1) : reason === 'unusable' ? message : null;
  return [t(`configuration.reason.${reason}`), named].filter(Boolean).join(': ');
}
