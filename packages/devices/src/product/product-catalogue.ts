import { controlUnits, optionModules } from './control-units.ts';
import { currentTransformers } from './current-transformers.ts';
import { breakers, interfaces } from './interfaces.ts';
import { meters } from './meters.ts';
import { bareNumber, type Product } from './product.ts';

/** Every catalogue number of the guide that measures, switches, converts or is needed for it. */
export const products: readonly Product[] = [
  ...meters,
  ...controlUnits,
  ...optionModules,
  ...currentTransformers,
  ...breakers,
  ...interfaces,
];

const byNumber = new Map(products.map((p) => [bareNumber(p.catalogueNumber), p]));

/** The product of that catalogue number, with or without spaces; undefined where none has it. */
export const findProduct = (catalogueNumber: string): Product | undefined =>
  byNumber.get(bareNumber(catalogueNumber));
