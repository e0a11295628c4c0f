/** Writes docs/openapi.json anew: `npm run openapi -w @wattproof/api`. */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { describedApp } from './described-app.ts';
import { openApiDocument } from './document.ts';
import { openApiPath, openApiText } from './file.ts';

const app = await describedApp();
writeFileSync(openApiPath, openApiText(openApiDocument(app)));
await app.close();
