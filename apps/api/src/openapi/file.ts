import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';

/** The committed document; both `src/openapi` and `dist/openapi` lie four levels below the repository. */
export const openApiPath = join(import.meta.dirname, '../../../../docs/openapi.json');

export const openApiText = (document: OpenAPIObject): string => `${JSON.stringify(document, null, 2)}\n`;
