import { forwardToApi } from '../../../src/api/forward.ts';

export const dynamic = 'force-dynamic';

export const GET = forwardToApi;
export const POST = forwardToApi;
export const PUT = forwardToApi;
export const PATCH = forwardToApi;
export const DELETE = forwardToApi;
