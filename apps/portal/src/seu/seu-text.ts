import type { Seu, SiteSeus } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';

export const seuBases = ['energy', 'cost', 'carbon', 'potential'] as const;

type Item = SiteSeus['items'][number];

/** What an item counts by a basis: kWh, money, kg; null where it is not known. */
export const basisAmount = (item: Item, basis: SiteSeus['basis']): number | null =>
  basis === 'energy'
    ? item.energy_kwh
    : basis === 'cost'
      ? // Money is drawn in whole units of the currency, the others in thousands of theirs.
        item.cost === null
        ? null
        : Number(item.cost.amount) * 1000
      : basis === 'carbon'
        ? item.carbon_kg
        : item.potential_kwh;

/** A use and its carrier in words. */
export const itemName = ({ use, carrier }: Pick<Item, 'use' | 'carrier'>, t: PortalTranslator): string =>
  t('seu.itemName', {
    use: t(`use.${use ?? 'unexplained'}`),
    carrier: t(`carrier.${carrier}`).toLowerCase(),
  });

/** A significant use keeps its key as its name until people give it one. */
export const seuName = (seu: Pick<Seu, 'key' | 'name' | 'use' | 'carrier'>, t: PortalTranslator): string =>
  seu.name === seu.key ? itemName(seu, t) : seu.name;
