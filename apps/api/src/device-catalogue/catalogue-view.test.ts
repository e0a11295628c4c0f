import { deviceCatalogue } from '@wattproof/contracts/api';
import { products, profiles } from '@wattproof/devices';
import { portalCatalogue } from '@wattproof/messages';
import { describe, expect, it } from 'vitest';
import { productView, profileView } from './catalogue-view.ts';

const catalogue = { products: products.map(productView), profiles: profiles.map((p) => profileView(p)) };

describe('the catalogue as the API gives it', () => {
  it('keeps to its contract, and loses nothing on the way', () => {
    expect(deviceCatalogue.parse(JSON.parse(JSON.stringify(catalogue)))).toEqual(catalogue);
    const concentrator = catalogue.profiles.find((p) => p.id === 'legrand-concentrator');
    expect(concentrator?.inputs).toHaveLength(12);
    expect(concentrator?.measurands).toContain('volume_l');
    expect(concentrator?.writablePoints).toContain('pulse_weight');
    expect(catalogue.products.find((p) => p.catalogueNumber === '4 121 57')?.transformer).toMatchObject({
      primary_a: 250,
      class_printed: 0.5,
      class_burden: 1,
    });
  });

  it('has a word for every kind, quantity and output', () => {
    const keys = Object.keys(portalCatalogue.en);
    for (const { kind, quantities, outputs } of catalogue.products) {
      expect(keys).toContain(`catalogue.kind.${kind}`);
      for (const quantity of quantities) expect(keys).toContain(`catalogue.quantity.${quantity}`);
      for (const output of outputs) expect(keys).toContain(`catalogue.output.${output}`);
    }
  });

  it('says of every map of ours that no hardware has been seen', () => {
    for (const profile of catalogue.profiles)
      if (profile.trust === 'documented') expect(profile.notice).toMatch(/our layout, not seen on hardware/i);
  });
});
