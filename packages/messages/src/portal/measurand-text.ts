import { rareSubject } from '@wattproof/energy';
import type { PortalTranslator } from './catalogue.ts';

/** A measurand as people read it; of a rare one the text is put together, since there are hundreds. */
export function measurandText(t: PortalTranslator, name: string): string {
  const rare = rareSubject(name);
  if (!rare) {
    const key = `measurand.${name}`;
    return t.has(key) ? t(key) : name;
  }
  if (rare.of !== 'harmonic') return t(`measurand.rare.${rare.of}`, { number: rare.number });
  const [quantity, phase = ''] = rare.channel.split('_');
  const values = { order: String(rare.order), phase: phase.toUpperCase() };
  return quantity === 'voltage'
    ? t('measurand.rare.harmonicVoltage', values)
    : t('measurand.rare.harmonicCurrent', values);
}
