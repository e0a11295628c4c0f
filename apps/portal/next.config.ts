import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** The API's address is read when the portal runs (app/api), so one build serves every port and host. */
const config: NextConfig = {
  transpilePackages: [
    '@wattproof/charts',
    '@wattproof/contracts',
    '@wattproof/devices',
    '@wattproof/energy',
    '@wattproof/evidence',
    '@wattproof/messages',
  ],
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  poweredByHeader: false,
  // A page's title stands in its head from the first byte: streamed into the body for whoever runs scripts, it is one more
  // thing that can differ between what the server drew and what the browser takes over.
  htmlLimitedBots: /.*/,
  reactStrictMode: true,
  devIndicators: false,
  // Types are checked by `npm test`, once, for the whole repository.
  typescript: { ignoreBuildErrors: true },
};

export default config;
