import { carrierCodes, colorOfCarrier, colorOfUse, useCodes } from '@wattproof/charts';
import type { Carrier, EnergyUse } from '@wattproof/energy';
import styles from './tag.module.css';

/** The two-letter label of a carrier: a bar of its colour and its code, as on a panel. */
export function CarrierTag({ carrier, name }: { readonly carrier: string; readonly name: string }) {
  const code = carrierCodes[carrier as Carrier] ?? '··';
  return <Tag code={code} color={colorOfCarrier(carrier)} name={name} />;
}

export function UseTag({ use, name }: { readonly use: string | null; readonly name: string }) {
  const code = useCodes[(use ?? 'unexplained') as EnergyUse | 'unexplained'] ?? '··';
  return <Tag code={code} color={colorOfUse(use)} name={name} />;
}

function Tag({
  code,
  color,
  name,
}: {
  readonly code: string;
  readonly color: string;
  readonly name: string;
}) {
  return (
    <span className={styles.tag} title={name} style={{ borderLeftColor: color }}>
      <span aria-hidden="true">{code}</span>
      <span className="visually-hidden">{name}</span>
    </span>
  );
}
