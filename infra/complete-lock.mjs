// Adds to package-lock.json what some registries leave out: the packages of other platforms that an installed
// package names as optional. Without them `npm ci` calls the lock out of step with package.json. They are never
// installed here, so nothing but their name, version and platform is needed.
// Run it after every `npm install`: node infra/complete-lock.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../package-lock.json');
const systems = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'win32',
  windows: 'win32',
  android: 'android',
  freebsd: 'freebsd',
};
const processors = [
  [/arm64/, 'arm64'],
  [/arm/, 'arm'],
  [/x64|-64/, 'x64'],
  [/ia32/, 'ia32'],
];

/** @param {string} name */
function platformOf(name) {
  const system = Object.entries(systems).find(
    ([word]) => name.includes(`-${word}`) || name.includes(`/${word}`),
  )?.[1];
  const processor = processors.find(([pattern]) => pattern.test(name))?.[1];
  const libc = name.includes('musl') ? 'musl' : name.includes('gnu') ? 'glibc' : undefined;
  return {
    ...(processor ? { cpu: [processor] } : {}),
    ...(libc && system === 'linux' ? { libc: [libc] } : {}),
    optional: true,
    ...(system ? { os: [system] } : {}),
  };
}

/** Whether a package placed at `from` finds `name` as Node would look for it. */
function isFound(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (!at.includes('/node_modules/')) return Boolean(packages[`node_modules/${name}`]);
  }
}

const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([from, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name, version]) => /^\d/.test(version) && !isFound(lock.packages, from, name))
    .map(([name, version]) => [`node_modules/${name}`, { version, ...platformOf(name) }]),
);
if (process.argv.includes('--check')) {
  for (const [path] of missing) console.log(`package-lock.json lacks ${path}`);
  process.exitCode = missing.length > 0 ? 1 : 0;
} else if (missing.length > 0) {
  const entries = [...Object.entries(lock.packages), ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  console.log(`package-lock.json: added ${missing.length} packages of other platforms`);
}
