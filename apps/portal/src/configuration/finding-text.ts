import type { ConfigurationFinding, ConfigurationVersion } from '@wattproof/contracts/api';
import { measurandText, type PortalTranslator } from '@wattproof/messages';
import { settingText } from './change-text.ts';

/** A finding in the reader's language. */
export function findingText(t: PortalTranslator, { code, data, message }: ConfigurationFinding): string {
  const values = {
    ...data,
    ...(typeof data.setting === 'string' ? { setting: settingText(t, data.setting) } : {}),
    ...(typeof data.measurand === 'string' ? { measurand: measurandText(t, data.measurand) } : {}),
  };
  const keys = [
    ...(code === 'moduleRule' ? [`configuration.moduleRule.${data.rule}`] : []),
    ...(code === 'supplyRule' ? [`configuration.supplyRule.${data.rule}`] : []),
    `configuration.finding.${code}`,
    `calc.line.${code}`,
    `calc.pulse.${code}`,
  ];
  const key = keys.find((candidate) => t.has(candidate));
  return key === undefined || !t.has(key) ? message : t(key, values);
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
