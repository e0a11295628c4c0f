import type { CatalogueProduct, CatalogueProfile } from '@wattproof/contracts/api';
import {
  type Communication,
  columnsOf,
  currentTransformers,
  type DeviceProfile,
  inputsOf,
  type Point,
  type Product,
} from '@wattproof/devices';

const communicationView = (communication: Communication | undefined): CatalogueProduct['communication'] =>
  communication
    ? {
        modes: [...communication.modes],
        bauds: [...communication.bauds],
        parities: [...communication.parities],
        stopBits: [...communication.stopBits],
        addresses: { ...communication.addresses },
        turnaround_ms: communication.turnaround_ms ?? null,
        gap_ms: communication.gap_ms ?? null,
        source: communication.source,
      }
    : null;

/** A catalogue number as the API shows it. */
export function productView(product: Product): CatalogueProduct {
  const ct = currentTransformers.find((t) => t.catalogueNumber === product.catalogueNumber);
  return {
    catalogueNumber: product.catalogueNumber,
    kind: product.kind,
    title: product.title,
    source: product.source,
    network: product.network ?? null,
    connection: product.connection ?? null,
    current_a_max: product.current_a_max ?? null,
    modules: product.modules ?? null,
    quantities: [...product.quantities],
    outputs: [...product.outputs],
    pulse: product.pulse
      ? {
          weights_wh: [...product.pulse.weights_wh],
          durations_ms: [...product.pulse.durations_ms],
          terminals: product.pulse.terminals,
        }
      : null,
    isMid: product.isMid ?? false,
    class_active: product.class_active ?? null,
    class_reactive: product.class_reactive ?? null,
    communication: communicationView(product.communication),
    profileIds: [...product.profileIds],
    needs: [...(product.needs ?? [])],
    cautions: [...(product.cautions ?? [])],
    transformer: ct
      ? {
          construction: ct.construction,
          primary_a: ct.primary_a,
          secondary_a: ct.secondary_a,
          cable_mm: ct.cable_mm,
          bars_mm: ct.bars_mm.map(([width, height]) => [width, height]),
          class_printed: ct.class_printed,
          class_burden: ct.class_burden,
          burden_va: ct.burden_va,
        }
      : null,
  };
}

const measurandsOf = ({ measurand }: Point): string[] =>
  measurand === undefined
    ? []
    : typeof measurand === 'string'
      ? [measurand]
      : [...new Set(Object.values(measurand.choices))];

/** A register map as the API shows it. */
export function profileView(
  profile: DeviceProfile,
  uploaded: CatalogueProfile['uploaded'] = null,
): CatalogueProfile {
  const inputs = inputsOf(profile);
  const [input] = inputs;
  return {
    id: profile.id,
    maker: profile.maker,
    title: profile.title,
    models: [...profile.models],
    source: profile.source,
    trust: profile.trust,
    notice: profile.notice ?? null,
    functionCode: profile.functionCode,
    maxWords: profile.limits.maxWords,
    minimumGap_ms: profile.limits.minimumGap_ms,
    uploaded,
    inputs: [...inputs],
    measurands: columnsOf(profile, input === undefined ? {} : { input }).map((c) => c.measurand),
    writablePoints: [...new Set(profile.points.filter((p) => p.writable).map((p) => p.key))],
    communication: communicationView(profile.communication),
    points: profile.points.map((point) => ({
      key: point.key,
      address: point.address,
      type: point.type,
      input: point.input ?? null,
      measurands: measurandsOf(point),
      isWritable: point.writable ?? false,
    })),
  };
}
