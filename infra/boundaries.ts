import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { type Workspace, workspaces } from './checks/workspaces.ts';
import { rootFolder } from './paths.ts';

/** What one place may import of ours. */
export interface BoundaryRule {
  /** Path from the root, say `packages/energy`. */
  readonly place: string;
  readonly mayImport: (packageName: string) => boolean;
}

const scope = '@wattproof/';
const skippedFolders = new Set(['node_modules', 'dist', '.next', '.turbo', 'generated', 'fixtures']);
const sourceFile = /\.(ts|tsx|mts|mjs)$/;

function namesIn(text: string): string[] {
  return text
    .split(/,|\band\b/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function ruleOf(place: string, cell: string): BoundaryRule {
  const text = cell.trim();
  if (text.startsWith('anything') || text.includes('; dev only')) return { place, mayImport: () => true };
  if (text === 'nothing' || text === '–') return { place, mayImport: () => false };
  if (text.startsWith('all but ')) {
    const refused = new Set(namesIn(text.slice('all but '.length)));
    return { place, mayImport: (name) => !refused.has(name) };
  }
  const allowed = new Set(namesIn(text));
  return { place, mayImport: (name) => allowed.has(name) };
}

/** The rules are the table "Code map" of ARCHITECTURE.md itself, so text and check cannot disagree. */
export function readBoundaryRules(architecture: string): readonly BoundaryRule[] {
  const begin = architecture.indexOf('## Code map');
  const section = architecture.slice(begin, architecture.indexOf('\n## ', begin + 1));
  return section
    .split('\n')
    .map((line) => line.split('|'))
    .filter((cells) => cells.length === 5 && cells[1]?.includes('`'))
    .map((cells) => {
      const place = cells[1]?.replaceAll('`', '').trim() ?? '';
      // What something is for stands before the last semicolon: "…; talks to the API only".
      return ruleOf(place, (cells[3] ?? '').split(', talks')[0] ?? '');
    });
}

/** Test code may use anything but apps: it stands outside what is shipped. */
function isTestFile(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)(test|e2e)\//.test(path);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : filesIn(path);
    return sourceFile.test(entry.name) ? [path] : [];
  });
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export interface ImportingFile {
  /** Path from the workspace. */
  readonly path: string;
  readonly text: string;
}

/** Whatever a file names in an import, a re-export, a dynamic import or the type of one. */
function importsOf({ path, text }: ImportingFile): readonly string[] {
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const found = [
    ...module.staticImports.map((statement) => statement.moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
  ];
  new Visitor({
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') found.push(source.value);
    },
    TSImportType: ({ source }) => {
      found.push(source.value);
    },
  }).visit(program);
  return [...new Set(found)];
}

/** What one file imports that its place may not. Pure, so that it can be tested by wrong imports. */
export function violationsOf(
  file: ImportingFile,
  { place, mayImport }: BoundaryRule,
  manifest: Workspace['manifest'],
): readonly string[] {
  const where = `${place}/${file.path}`;
  const declared = { ...manifest.dependencies, ...manifest.devDependencies };
  const inTest = isTestFile(file.path);
  return importsOf(file).flatMap((specifier) => {
    if (specifier.startsWith('.')) {
      const target = relative(place, resolve('/', place, dirname(file.path), specifier).slice(1));
      const leaves = target.startsWith('..');
      return leaves ? [`${where} reaches into another place by ${specifier}: import its package`] : [];
    }
    if (isBuiltin(specifier)) {
      return place === 'packages/energy' && !inTest
        ? [`${where} imports ${specifier}, but packages/energy does no I/O`]
        : [];
    }
    const name = packageOf(specifier);
    if (!name.startsWith(scope)) return [];
    const own = name === manifest.name;
    const short = name.slice(scope.length);
    const isApp = ['api', 'edge', 'ingestion', 'portal', 'workers'].includes(short);
    const findings: string[] = [];
    if (isApp && !own && place !== 'infra') findings.push(`${where} imports the app ${short}`);
    else if (!own && !inTest && !mayImport(short))
      findings.push(`${where} imports ${name}, which ${place} may not`);
    // Tests are run from the root; naming the test kit as a dependency would make a circle of packages.
    if (!own && !inTest && !(name in declared))
      findings.push(`${where} imports ${name}, which its package.json does not name`);
    return findings;
  });
}

/** Every import in the repository that the code map does not allow. */
export function findBoundaryViolations(): readonly string[] {
  const rules = readBoundaryRules(readFileSync(join(rootFolder, 'ARCHITECTURE.md'), 'utf8'));
  return workspaces().flatMap((workspace) => {
    const rule = rules.find(({ place }) => place === workspace.path);
    if (!rule) return [`${workspace.path} is missing in the code map of ARCHITECTURE.md`];
    const folder = join(rootFolder, workspace.path);
    const imports = filesIn(folder).flatMap((path) =>
      violationsOf(
        { path: relative(folder, path), text: readFileSync(path, 'utf8') },
        rule,
        workspace.manifest,
      ),
    );
    const undeclared = Object.keys(workspace.manifest.dependencies)
      .filter((name) => name.startsWith(scope) && !rule.mayImport(name.slice(scope.length)))
      .map((name) => `${workspace.path}/package.json depends on ${name}, which ${workspace.path} may not`);
    return [...imports, ...undeclared];
  });
}

if (import.meta.main) {
  const violations = findBoundaryViolations();
  for (const violation of violations) console.log(violation);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
