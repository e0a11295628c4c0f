'use client';
import { Button } from '../../src/form/button.tsx';
import { useTranslator } from '../../src/i18n/provider.tsx';
import { State } from '../../src/state/state.tsx';

export default function PortalError({
  error,
  reset,
}: {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}) {
  const t = useTranslator();
  return (
    <State
      title={t('state.error.title')}
      tone="critical"
      action={<Button onClick={reset}>{t('state.error.retry')}</Button>}
    >
      <p>{t('state.error.next', { request: error.digest ?? '—' })}</p>
    </State>
  );
}
