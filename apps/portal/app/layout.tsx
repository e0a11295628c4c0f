import { portalMessages } from '@wattproof/messages';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { MessagesProvider } from '../src/i18n/provider.tsx';
import { currentLocale, getTranslator } from '../src/i18n/server.ts';
import '../src/style/fonts.css';
import '../src/style/tokens.css';
import '../src/style/global.css';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslator();
  return {
    title: { default: t('app.name'), template: `%s · ${t('app.name')}` },
    description: t('app.description'),
    icons: { icon: '/favicon.svg' },
  };
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fcfcfa' },
    { media: '(prefers-color-scheme: dark)', color: '#121517' },
  ],
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const locale = await currentLocale();
  const theme = (await cookies()).get('theme')?.value;
  return (
    <html
      lang={locale}
      {...(theme === 'light' || theme === 'dark' ? { 'data-theme': theme } : {})}
      suppressHydrationWarning
    >
      <body>
        <MessagesProvider locale={locale} messages={portalMessages(locale)}>
          {children}
        </MessagesProvider>
      </body>
    </html>
  );
}
