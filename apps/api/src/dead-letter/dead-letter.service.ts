import { Injectable } from '@nestjs/common';
import type { DeadLetter, takeDeadLetter } from '@wattproof/contracts/api';
import {
  countOpenDeadLetters,
  type DeadLetterDecision,
  type DeadLetterFilter,
  type DeadLetterRow,
  decideDeadLetter,
  listDeadLetters,
  recordEvent,
  type Scope,
} from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { checkNotAhead, instantOf } from '../delivery/reading-clock.ts';
import { Resources } from '../resources.ts';

@Injectable()
export class DeadLetterService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, filter: DeadLetterFilter) {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const rows = await listDeadLetters(client, scope, { ...filter, limit: filter.limit + 1 });
      const page = rows.slice(0, filter.limit);
      return {
        deadLetters: page.map(view),
        open: await countOpenDeadLetters(client, scope),
        next: rows.length > filter.limit ? (page.at(-1)?.id ?? null) : null,
      };
    });
  }

  /** What it holds stays unstored, and somebody said why. */
  resolve(caller: Caller, id: string, resolution: string): Promise<DeadLetter> {
    return this.decide(caller, id, () => ({
      decision: 'discard',
      decidedBy: caller.name,
      resolution,
      correction_s: 0,
    }));
  }

  /** Ingestion, the only writer of readings, carries it out. */
  take(caller: Caller, id: string, { correction_s, reason }: z.infer<typeof takeDeadLetter>) {
    return this.decide(caller, id, (letter) => {
      checkCorrection(letter, correction_s);
      return { decision: 'take', decidedBy: caller.name, resolution: reason, correction_s };
    });
  }

  private async decide(
    { scope, name }: Caller,
    id: string,
    decisionOn: (letter: DeadLetterRow) => DeadLetterDecision,
  ): Promise<DeadLetter> {
    const { database } = this.resources;
    const find = () =>
      database.readOrganisation(scope.organisationId, async (client) => {
        const [row] = await listDeadLetters(client, scope, { id, limit: 1 });
        if (!row) throw new AppError('notFound', `There is no dead letter ${id}`);
        return row;
      });
    const decision = decisionOn(await find());
    await database.withOrganisation(scope.organisationId, async (tx) => {
      if (!(await decideDeadLetter(tx, scope, id, decision)))
        throw new AppError('conflict', `The dead letter ${id} is decided already`);
      await recordEvent(tx, scope, {
        actor: name,
        action: decision.decision === 'take' ? 'deadLetter.take' : 'deadLetter.resolve',
        object: id,
        after: { resolution: decision.resolution, correction_s: decision.correction_s },
      });
    });
    return view(await find());
  }
}

/** A correction that leaves the readings out of range would only bring them back. */
function checkCorrection(letter: DeadLetterRow, correction_s: number): void {
  if (letter.code !== 'timestampOutOfRange') {
    if (correction_s === 0) return;
    throw new AppError(
      'invalid',
      'Only readings with an impossible instant take a correction of their clock',
      {
        code: letter.code,
      },
    );
  }
  if (letter.lastAt_ms !== null) checkNotAhead(letter.receivedAt.getTime() - letter.lastAt_ms, correction_s);
}

const view = ({
  payload,
  receivedAt,
  decidedAt,
  resolvedAt,
  code,
  readings,
  firstAt_ms,
  lastAt_ms,
  ...row
}: DeadLetterRow): DeadLetter => ({
  ...row,
  code: code as DeadLetter['code'],
  payload: readable(payload, { isCut: row.payloadBytes > payload.length }),
  readings:
    readings === null
      ? null
      : { count: readings, firstAt: instantOf(firstAt_ms), lastAt: instantOf(lastAt_ms) },
  receivedAt: receivedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
  resolvedAt: resolvedAt?.toISOString() ?? null,
});

const strictText = new TextDecoder('utf-8', { fatal: true });
// A cut may have gone through a character of up to four bytes.
const cutSlack_bytes = 3;

/** Bytes as text where they are text, else as hex. */
export function readable(payload: Buffer, { isCut }: { readonly isCut: boolean }): string {
  const text = textOf(payload, isCut ? cutSlack_bytes : 0);
  // Control characters, but tab, line feed and carriage return, are no text.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const isText = text !== undefined && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text);
  return isText ? text : payload.subarray(0, 1_000).toString('hex');
}

function textOf(payload: Buffer, slack_bytes: number): string | undefined {
  for (let cut = 0; cut <= slack_bytes; cut++)
    try {
      return strictText.decode(payload.subarray(0, payload.length - cut));
    } catch (error) {
      // Recovery: shorter by a byte; after the last try it is no text.
      if (!(error instanceof TypeError)) throw error;
    }
  return undefined;
}
