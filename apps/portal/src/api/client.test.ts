import { afterEach, expect, test, vi } from 'vitest';
import { request } from './client.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = (body: BodyInit, status = 200): void => {
  vi.stubGlobal('document', { cookie: '' });
  vi.stubGlobal('fetch', async () => new Response(body, { status }));
};

test('an answer that breaks off, or that nobody waits for any more, is a problem of the network and no exception', async () => {
  let pulls = 0;
  answering(
    new ReadableStream({
      pull(controller) {
        if (pulls++ === 0) controller.enqueue(new TextEncoder().encode('{"gateways":['));
        else controller.error(new DOMException('signal is aborted without reason', 'AbortError'));
      },
    }),
  );
  expect(await request('/gateways')).toMatchObject({ ok: false, problem: { code: 'network' } });
});

test('a refusal keeps the code and the sentence of the service', async () => {
  answering('{"code":"forbidden","detail":"Your role may not read gateways."}', 403);
  expect(await request('/gateways')).toMatchObject({
    ok: false,
    problem: { code: 'forbidden', detail: 'Your role may not read gateways.' },
  });
});
