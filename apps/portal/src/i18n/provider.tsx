'use client';
import type { Locale } from '@wattproof/energy';
import { createTranslator, type PortalMessages, type PortalTranslator } from '@wattproof/messages';
import { createContext, type ReactNode, useContext, useMemo } from 'react';

const TranslatorContext = createContext<PortalTranslator | null>(null);

/** Gives client components the texts of one language; the server sends that catalogue only. */
export function MessagesProvider({
  locale,
  messages,
  children,
}: {
  readonly locale: Locale;
  readonly messages: PortalMessages;
  readonly children: ReactNode;
}) {
  const translator = useMemo(() => createTranslator(messages, locale), [messages, locale]);
  return <TranslatorContext value={translator}>{children}</TranslatorContext>;
}

export function useTranslator(): PortalTranslator {
  const translator = useContext(TranslatorContext);
  if (!translator) throw new Error('MessagesProvider is missing');
  return translator;
}
