import type { Gateway } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';
import { Icon } from '../icon/icon.tsx';
import styles from './field.module.css';
import { gatewayState } from './gateway-state.ts';

/** State of a gateway: a mark and its word. */
export function GatewayMark({ gateway, t }: { readonly gateway: Gateway; readonly t: PortalTranslator }) {
  const state = gatewayState(gateway);
  return (
    <span className={styles.mark} data-state={state}>
      {state === 'online' && <span className={styles.dot} aria-hidden="true" />}
      {state === 'silent' && <Icon name="silent" size={14} />}
      {t(`field.state.${state}`)}
    </span>
  );
}
