'use client';
import type { CommandResult, Gateway } from '@wattproof/contracts/api';
import { useTranslator } from '../i18n/provider.tsx';
import { type Framing, framePartsOf } from './frame.ts';
import styles from './register.module.css';

const framingOf = (transport: string | undefined): Framing =>
  transport === 'tcp' ? 'tcp' : transport === 'ascii' ? 'ascii' : 'rtu';

/** What went over the wire, byte by byte with what each is. */
export function Frames({ result, gateway }: { readonly result: CommandResult; readonly gateway: Gateway }) {
  const t = useTranslator();
  const framing = framingOf(gateway.lines.find((l) => l.key === result.request.line)?.transport);
  return (
    <div className={styles.frames}>
      {result.exchanges.map(({ request, reply, at, took_ms }) => (
        <div key={`${at} ${request}`} className={styles.frame}>
          <h3>{t('register.request')}</h3>
          <Parts hex={request} framing={framing} direction="request" />
          <h3>{t('register.reply', { took: took_ms })}</h3>
          {reply === null ? (
            <p className={styles.note}>{t('register.noReply')}</p>
          ) : (
            <Parts hex={reply} framing={framing} direction="reply" />
          )}
        </div>
      ))}
    </div>
  );
}

function Parts(props: {
  readonly hex: string;
  readonly framing: Framing;
  readonly direction: 'request' | 'reply';
}) {
  const t = useTranslator();
  return (
    <ul className={styles.parts}>
      {framePartsOf(props.hex, props.framing, props.direction).map(({ hex, part }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a frame keep their places
        <li key={i} data-part={part}>
          <span>{hex}</span>
          <small>{t(`register.part.${part}`)}</small>
        </li>
      ))}
    </ul>
  );
}
