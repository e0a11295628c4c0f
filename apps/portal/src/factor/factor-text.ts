import type { EnergyFactor } from '@wattproof/contracts/api';
import { formatLocalDate, type PortalKey, type PortalTranslator } from '@wattproof/messages';

export const factorKinds = ['carbon', 'primary', 'fuel'] as const;

export type FactorState = 'inForce' | 'ended' | 'later';

/** Whether a factor counts on a date. */
export function stateOf(
  { effectiveFrom, effectiveTo }: Pick<EnergyFactor, 'effectiveFrom' | 'effectiveTo'>,
  today: string,
): FactorState {
  if (effectiveTo !== null && effectiveTo <= today) return 'ended';
  return effectiveFrom !== null && effectiveFrom > today ? 'later' : 'inForce';
}

/** What is in force first, then what comes, then what was; within them by carrier, place and date, newest first. */
export function ordered(factors: readonly EnergyFactor[], today: string): EnergyFactor[] {
  const rank: Readonly<Record<FactorState, number>> = { inForce: 0, later: 1, ended: 2 };
  const key = (f: EnergyFactor): string => [f.carrier, f.place ?? '', f.account ?? '', f.basis].join(' ');
  return [...factors].sort(
    (a, b) =>
      rank[stateOf(a, today)] - rank[stateOf(b, today)] ||
      key(a).localeCompare(key(b)) ||
      (b.effectiveFrom ?? '').localeCompare(a.effectiveFrom ?? ''),
  );
}

export const carrierName = (f: Pick<EnergyFactor, 'carrier'>, t: PortalTranslator): string => {
  const key = `carrier.${f.carrier}`;
  return t.has(key) ? t(key as PortalKey as 'carrier.gas') : f.carrier;
};

/** Place and account of a factor: `FR, location-based, life cycle`. */
export function placeText(f: EnergyFactor, t: PortalTranslator): string {
  return [
    ...(f.place === null ? [] : [f.place === 'world' ? t('energyFactor.world') : f.place]),
    ...(f.account === null ? [] : [t(`energyFactor.account.${f.account}`)]),
    ...(f.scope === null ? [] : [t(`energyFactor.scope.${f.scope}`)]),
  ].join(', ');
}

export function spanText(f: EnergyFactor, t: PortalTranslator): string {
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const { effectiveFrom: from, effectiveTo: to } = f;
  if (from === null)
    return to === null ? t('energyFactor.always') : t('energyFactor.until', { to: date(to) });
  return to === null
    ? t('energyFactor.since', { from: date(from) })
    : t('energyFactor.span', { from: date(from), to: date(to) });
}
