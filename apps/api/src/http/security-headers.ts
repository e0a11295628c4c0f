import type { NextFunction, Request, Response } from 'express';

const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
} as const;

// Answers are data: nothing in them may run. Swagger UI sets its styles in the page.
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const documentationPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  const documentation = request.path === '/docs' || request.path.startsWith('/docs/');
  response.set(always);
  response.set('content-security-policy', documentation ? documentationPolicy : dataPolicy);
  if (!documentation) response.set('cache-control', 'no-store');
  next();
}
