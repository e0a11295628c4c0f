import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeCompiler, type NodeError } from '@myriaddreamin/typst-ts-node-compiler';
import type { DocumentData, DocumentImages } from './block.ts';
import { documentFonts } from './font.ts';

/** Nothing is read from disk: every file of the document is given to the compiler under this name. */
const workspace = '/document';
const template = readFileSync(join(import.meta.dirname, '../typst/document.typ'), 'utf8');
/** PDF/A-2 with tags (ISO 19005-2, level A): archivable and readable aloud. */
export const pdfStandard = 'a-2a';

/** Scripts that the document's typeface has: Latin, Greek, Cyrillic, punctuation, signs. */
const settable = /[\n\u0020-\u007e\u00a0-\u052f\u2000-\u23ff\u2500-\u25ff\ufb01\ufb02]/u;

/** Text without characters that no face of the document has: PDF/A refuses a missing glyph. They become `?`. */
export const settableText = (text: string): string =>
  [...text].map((character) => (settable.test(character) ? character : '?')).join('');

function settableValue(value: unknown): unknown {
  if (typeof value === 'string') return settableText(value);
  if (Array.isArray(value)) return value.map(settableValue);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, settableValue(inner)]));
  return value;
}

/**
 * The document as PDF/A-2a. The same data gives the same bytes: fonts come with the package, and the only date is the
 * one in the data.
 * @throws Error with the compiler's words where the template or an image cannot be set.
 */
export function documentPdf(data: DocumentData, images: DocumentImages): Buffer {
  const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs: [...documentFonts()] }] });
  compiler.mapShadow(join(workspace, 'data.json'), Buffer.from(JSON.stringify(settableValue(data))));
  for (const [name, image] of images) compiler.mapShadow(join(workspace, name), Buffer.from(image));
  compiler.addSource(join(workspace, 'document.typ'), template);
  const compiled = compiler.compile({ mainFilePath: join(workspace, 'document.typ') });
  const { result } = compiled;
  if (!result) throw failure(compiler, compiled.takeError());
  try {
    return compiler.pdf(result, { pdfStandard });
  } finally {
    // The compiler's cache is global to the process: keep what the next document needs, drop the rest.
    compiler.evictCache(10);
  }
}

function failure(compiler: NodeCompiler, error: NodeError | null): Error {
  const words = error ? JSON.stringify(compiler.fetchDiagnostics(error)) : 'no reason given';
  return new Error(`The document could not be set: ${words}`);
}
