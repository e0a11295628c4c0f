/** Verification of a bundle: without a network, without a database, with nothing but the file and what was obtained outside it. */
import type { z } from 'zod';
import { type ArchiveEntry, readArchive } from './archive.ts';
import { signedMessage } from './bundle.ts';
import {
  accountFile,
  enpisFile,
  fileNames,
  keysFile,
  type Manifest,
  manifest as manifestSchema,
  signatureFile,
  sitesFile,
  sumsFile,
} from './bundle-form.ts';
import { canonicalBytes, canonicalJson } from './canonical-json.ts';
import { anchorText, type ChainRecord, chainFault, parseAnchor } from './chain.ts';
import { merkleRoot } from './merkle.ts';
import { seriesKey } from './meter-day.ts';
import { drawnLeaf, drawSample, errorBound } from './sampling.ts';
import { contentFault, sampleName, sealedContent } from './sealed-content.ts';
import { fromHex, isEqual, sha256Hex, toHex } from './sha256.ts';
import { fingerprintOf, isSignedBy, plainFingerprint } from './signature.ts';
import { spreadsheetBytes } from './spreadsheet.ts';
import {
  type Check,
  type CheckName,
  checkNames,
  type Difference,
  Differs,
  type Verification,
} from './verification.ts';
import { checkCoverage, checkEnpis, checkSums } from './verify-figures.ts';
import { checkSeals, type SealedDays } from './verify-seals.ts';

/** What the auditor obtained outside the bundle: by letter, e-mail or telephone. */
export interface OutsideEvidence {
  readonly fingerprint?: string | undefined;
  readonly anchor?: string | undefined;
}

type Counts = Readonly<Record<string, number>>;
/** null: it needs something that was not given. */
type Step = () => Counts | null | Promise<Counts | null>;

const decoder = new TextDecoder();

/** What the checks share; each fills in what the next ones need. */
class Verifier {
  private entries: readonly ArchiveEntry[] = [];
  private files: ReadonlyMap<string, Uint8Array> = new Map();
  private manifest: Manifest | null = null;
  private records: readonly ChainRecord[] = [];
  private days: SealedDays | null = null;
  private publicKey = '';
  private shown = 0;
  private readonly bytes: Uint8Array;
  private readonly outside: OutsideEvidence;

  constructor(bytes: Uint8Array, outside: OutsideEvidence) {
    this.bytes = bytes;
    this.outside = outside;
  }

  async run(onCheck: (check: Check) => void): Promise<Verification> {
    const steps: Readonly<Record<CheckName, Step>> = {
      archive: () => this.archive(),
      manifest: () => this.checkManifest(),
      signature: () => this.signature(),
      fingerprint: () => this.fingerprint(),
      chain: () => this.chain(),
      anchor: () => this.anchor(),
      seals: () => this.seals(),
      tree: () => this.tree(),
      samples: () => this.samples(),
      sums: () => ({ sums: checkSums(this.parsed(fileNames.sums, sumsFile), this.sealed()) }),
      coverage: () => ({ bills: checkCoverage(this.json(fileNames.account)) }),
      enpis: () => ({
        days: checkEnpis(this.parsed(fileNames.enpis, enpisFile), this.sealed(), this.records),
      }),
      spreadsheet: () => this.spreadsheet(),
      report: () => this.report(),
    };
    const checks: Check[] = [];
    let isBroken = false;
    for (const name of checkNames) {
      // After a failure of the container nothing inside it is worth computing.
      const check: Check = isBroken
        ? { name, state: 'notDone', counts: {}, difference: null }
        : await this.perform(name, steps[name]);
      if (check.state === 'failed') isBroken = true;
      checks.push(check);
      onCheck(check);
    }
    const firstDifference = checks.find(({ difference }) => difference)?.difference ?? null;
    const isAnchored = checks.every(({ state }) => state === 'passed');
    return {
      outcome: firstDifference ? 'broken' : isAnchored ? 'intact' : 'unanchored',
      firstDifference,
      checks,
      bundle: this.summary(),
    };
  }

  private async perform(name: CheckName, step: Step): Promise<Check> {
    try {
      const counts = await step();
      return { name, state: counts ? 'passed' : 'notDone', counts: counts ?? {}, difference: null };
    } catch (error) {
      // A file may hold anything: whatever a check stumbles over is a difference, with the words that it gave.
      const difference: Difference = {
        check: name,
        place: error instanceof Differs ? error.place : name,
        message: error instanceof Error ? error.message : String(error),
      };
      return { name, state: 'failed', counts: {}, difference };
    }
  }

  private archive(): Counts {
    const read = readArchive(this.bytes);
    if (!read.ok) throw new Differs(read.fault.place, read.fault.message);
    this.entries = read.entries;
    this.files = new Map(read.entries.map(({ name, bytes }) => [name, bytes]));
    return { files: read.entries.length, bytes: this.bytes.length };
  }

  private file(name: string): Uint8Array {
    const bytes = this.files.get(name);
    if (!bytes) throw new Differs(name, 'the file is missing');
    return bytes;
  }

  /** JSON that is written canonically: two texts of one content would be two bundles that look alike. */
  private json(name: string): unknown {
    const bytes = this.file(name);
    let value: unknown;
    try {
      value = JSON.parse(decoder.decode(bytes));
    } catch {
      throw new Differs(name, 'it is no JSON');
    }
    if (!isEqual(canonicalBytes(value), bytes)) throw new Differs(name, 'it is not written canonically');
    return value;
  }

  private parsed<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> {
    const result = schema.safeParse(this.json(name));
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw new Differs(
      `${name}${issue ? `, ${issue.path.join('.')}` : ''}`,
      issue?.message ?? 'not of the form',
    );
  }

  private sealed(): SealedDays {
    if (!this.days) throw new Error('The meter-days were not read');
    return this.days;
  }

  private whole(): Manifest {
    if (!this.manifest) throw new Error('The manifest was not read');
    return this.manifest;
  }

  private checkManifest(): Counts {
    const manifest = this.parsed(fileNames.manifest, manifestSchema);
    this.manifest = manifest;
    const own: readonly string[] = [fileNames.manifest, fileNames.signature];
    const named = new Set(manifest.files.map(({ name }) => name));
    for (const { name } of this.entries)
      if (!own.includes(name) && !named.has(name))
        throw new Differs(name, 'the manifest does not name this file');
    for (const { name, bytes, sha256 } of manifest.files) {
      const file = this.file(name);
      if (file.length !== bytes || sha256Hex(file) !== sha256)
        throw new Differs(name, 'the file is not the one that the manifest names: its hash differs');
    }
    return { files: manifest.files.length };
  }

  private async signature(): Promise<Counts> {
    const signature = this.parsed(fileNames.signature, signatureFile);
    const publicKey = fromHex(signature.publicKey);
    const manifestBytes = this.file(fileNames.manifest);
    const isSigned = await isSignedBy(publicKey, fromHex(signature.signature), signedMessage(manifestBytes));
    if (!isSigned)
      throw new Differs(fileNames.signature, 'the signature is not of this manifest and this key');
    const fingerprint = fingerprintOf(publicKey);
    if (signature.fingerprint !== fingerprint || this.whole().keyFingerprint !== fingerprint)
      throw new Differs(fileNames.signature, 'the fingerprint is not of this key');
    this.publicKey = signature.publicKey;
    const keys = this.parsed(fileNames.keys, keysFile);
    for (const key of keys) {
      if (key.endorsement === null) continue;
      const elder = keys.find((one) => one.fingerprint === key.endorsedBy);
      const isEndorsed =
        elder !== undefined &&
        (await isSignedBy(fromHex(elder.publicKey), fromHex(key.endorsement), fromHex(key.publicKey)));
      if (!isEndorsed)
        throw new Differs(
          `${fileNames.keys}, ${key.fingerprint}`,
          'the key before it did not endorse this key',
        );
    }
    const own = keys.find((key) => key.publicKey === signature.publicKey);
    if (!own)
      throw new Differs(fileNames.keys, 'the key that signed is not among the keys of the organisation');
    if (own.revokedAt !== null)
      throw new Differs(
        `${fileNames.keys}, ${own.fingerprint}`,
        `the key was revoked on ${own.revokedAt}: ${own.revocationReason}`,
      );
    return { keys: keys.length };
  }

  private fingerprint(): Counts | null {
    const { fingerprint } = this.outside;
    if (!fingerprint) return null;
    const given = plainFingerprint(fingerprint);
    const actual = plainFingerprint(fingerprintOf(fromHex(this.publicKey)));
    if (given.length < 64) throw new Differs('fingerprint', 'the fingerprint given has fewer than 64 digits');
    if (given !== actual)
      throw new Differs(
        'fingerprint',
        'the bundle was signed with another key than the one whose fingerprint was given',
      );
    return { keys: 1 };
  }

  private chain(): Counts {
    const lines = decoder.decode(this.file(fileNames.chain)).split('\n');
    if (lines.pop() !== '') throw new Differs(fileNames.chain, 'its last record has no end: it was cut');
    this.records = lines.map((line, i) => {
      const place = `${fileNames.chain}, record ${i + 1}`;
      let record: ChainRecord;
      try {
        record = JSON.parse(line) as ChainRecord;
      } catch {
        throw new Differs(place, 'it is no JSON');
      }
      if (canonicalJson(record) !== line) throw new Differs(place, 'it is not written canonically');
      return record;
    });
    const fault = chainFault(this.records);
    if (fault) throw new Differs(`${fileNames.chain}, record ${fault.seq}`, fault.message);
    const last = this.records[this.records.length - 1];
    const { chain } = this.whole();
    if (!last || last.seq !== chain.seq || last.hash !== chain.hash)
      throw new Differs(
        fileNames.chain,
        `it ends at record ${last?.seq ?? 0}, the manifest says ${chain.seq}`,
      );
    return { records: this.records.length };
  }

  private anchor(): Counts | null {
    if (!this.outside.anchor) return null;
    const anchor = parseAnchor(this.outside.anchor);
    const record = this.records[anchor.seq - 1];
    if (!record)
      throw new Differs(
        'anchor',
        `the chain ends at record ${this.records.length}, before record ${anchor.seq} of the anchor: it was cut short, or the bundle is older than the anchor`,
      );
    if (record.hash !== anchor.hash)
      throw new Differs(
        'anchor',
        `record ${anchor.seq} is not the one of the anchor: the chain was made anew`,
      );
    return { record: anchor.seq };
  }

  private seals(): Counts {
    const enpis = this.parsed(fileNames.enpis, enpisFile);
    const sums = this.parsed(fileNames.sums, sumsFile);
    const wanted = new Set(
      enpis.flatMap(({ meterIds, measurand }) => meterIds.map((meterId) => seriesKey(meterId, measurand))),
    );
    const sites = this.parsed(fileNames.sites, sitesFile);
    this.days = checkSeals({
      manifest: this.whole(),
      sites,
      records: this.records,
      files: this.files,
      wanted,
      sums,
    });
    return { meterDays: this.days.leaves.count, restated: this.days.restated };
  }

  private tree(): Counts {
    const { leaves } = this.sealed();
    const { tree } = this.whole();
    if (leaves.count !== tree.leaves)
      throw new Differs('tree', `${leaves.count} meter-days are here, the manifest says ${tree.leaves}`);
    if (toHex(merkleRoot(leaves)) !== tree.root)
      throw new Differs('tree', 'the root of the meter-days is not the one of the manifest');
    return { leaves: leaves.count };
  }

  /** The days that the root itself drew: shown with their readings, or named with the reason why not. */
  private async samples(): Promise<Counts> {
    const { leaves, lineAt } = this.sealed();
    const { sampling } = this.whole();
    const root = merkleRoot(leaves);
    const missing = new Map(
      sampling.unavailable.map(({ draw, reason }) => [drawnLeaf(root, draw, leaves.count), reason]),
    );
    let recomputed = 0;
    const again = await drawSample({ root, count: leaves.count }, (position) => {
      const reason = missing.get(position);
      if (reason) return reason;
      const { day } = lineAt(position);
      const name = sampleName(day);
      const content = this.parsed(name, sealedContent);
      const fault = contentFault(content, day);
      if (fault) throw new Differs(name, fault);
      if (content.origin === 'readings') recomputed++;
      return null;
    });
    if (again.draws !== sampling.draws || again.unavailable.length !== sampling.unavailable.length)
      throw new Differs('samples', 'the days that are shown are not the ones that the tree draws');
    this.shown = again.shown.length;
    return { days: again.shown.length, recomputed, unavailable: again.unavailable.length };
  }

  /** A bundle of before there was a spreadsheet has none. */
  private spreadsheet(): Counts {
    const stored = this.files.get(fileNames.spreadsheet);
    if (!stored) return { spreadsheets: 0 };
    const account = this.parsed(fileNames.account, accountFile);
    const again = spreadsheetBytes(account, this.parsed(fileNames.enpis, enpisFile));
    if (!isEqual(stored, again))
      throw new Differs(fileNames.spreadsheet, 'it is not the one that account and EnPIs give');
    return { spreadsheets: 1 };
  }

  private report(): Counts {
    const { report } = this.whole();
    if (!report) return { documents: 0 };
    if (sha256Hex(this.file(report.file)) !== report.sha256)
      throw new Differs(report.file, 'the document is not the one that was issued');
    this.json(fileNames.snapshot);
    return { documents: 1 };
  }

  private summary(): Verification['bundle'] {
    const { manifest, days } = this;
    return (
      manifest && {
        organisation: manifest.organisation,
        entity: manifest.entity,
        audit: manifest.audit.name,
        from: manifest.audit.from,
        to: manifest.audit.to,
        createdAt: manifest.createdAt,
        fingerprint: manifest.keyFingerprint,
        anchor: anchorText(manifest.chain),
        meterDays: days?.leaves.count ?? 0,
        restatedDays: days?.restated ?? 0,
        errorBound: errorBound(this.shown),
      }
    );
  }
}

/** Checks a bundle from the container to the figures and names the first difference. */
export function verifyBundle(
  bytes: Uint8Array,
  outside: OutsideEvidence = {},
  onCheck: (check: Check) => void = () => {},
): Promise<Verification> {
  return new Verifier(bytes, outside).run(onCheck);
}
