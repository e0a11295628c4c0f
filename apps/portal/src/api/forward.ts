import { env } from '../env.ts';

/** Headers that belong to one connection and are never passed on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'expect',
  'accept-encoding',
]);

const passedOn = (headers: Headers): Headers => {
  const result = new Headers();
  for (const [name, value] of headers) if (!hopByHop.has(name)) result.append(name, value);
  return result;
};

/**
 * Same-origin door to the API: browsers talk to the portal only, so the session cookie is first-party and no CORS
 * is needed. Answers stream; `no-transform` keeps the portal's gzip from holding server-sent events back.
 */
export async function forwardToApi(request: Request): Promise<Response> {
  const asked = new URL(request.url);
  const target = new URL(asked.pathname + asked.search, env().WATTPROOF_API_URL);
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const headers = passedOn(request.headers);
  headers.set('x-forwarded-host', request.headers.get('host') ?? asked.host);
  let answer: Response;
  try {
    answer = await fetch(target, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: request.signal,
      ...(hasBody ? { body: await request.arrayBuffer() } : {}),
    });
  } catch (error) {
    if (request.signal.aborted) return new Response(null, { status: 499 });
    return Response.json(
      {
        type: 'about:blank',
        title: 'Service unavailable',
        status: 503,
        code: 'dependencyUnavailable',
        detail: error instanceof Error ? error.message : 'The API does not answer.',
      },
      { status: 503, headers: { 'content-type': 'application/problem+json' } },
    );
  }
  const answerHeaders = passedOn(answer.headers);
  // fetch has undone the content coding already.
  answerHeaders.delete('content-encoding');
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    answerHeaders.set('cache-control', 'no-cache, no-transform');
    answerHeaders.set('x-accel-buffering', 'no');
  }
  return new Response(answer.body, { status: answer.status, headers: answerHeaders });
}
