'use client';
import type { LiveEvent } from '@wattproof/contracts/api';
import { useEffect, useRef, useState } from 'react';

export type LiveState = 'connecting' | 'open' | 'lost';

/** Listens to a site's live values. The browser reconnects by itself; the state says when it had to. */
export function useLive(siteId: string, onEvent: (event: LiveEvent) => void): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const handler = useRef(onEvent);
  handler.current = onEvent;
  useEffect(() => {
    const source = new EventSource(`/api/v1/sites/${siteId}/live`);
    source.addEventListener('open', () => setState('open'));
    source.addEventListener('error', () => setState('lost'));
    source.addEventListener('latest', (event) => handler.current(JSON.parse(event.data) as LiveEvent));
    return () => source.close();
  }, [siteId]);
  return state;
}
