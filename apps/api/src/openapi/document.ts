import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI document, made of the routes and the zod schemas they validate with. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const head = new DocumentBuilder()
    .setTitle('Wattproof API')
    .setDescription(
      'Sites, meters, readings, performance, bills, audits and alarms of one organisation. Instants are ISO 8601 in UTC, dates are local to the site, energy is in Wh, money is a decimal string. Failures are problem details (RFC 9457).',
    )
    .setVersion('1')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'API key `wp_…`, made in the settings' },
      'key',
    )
    .addCookieAuth('wattproof.session_token', { type: 'apiKey', in: 'cookie' }, 'session')
    .build();
  return SwaggerModule.createDocument(app, head, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
}

/** `/docs` from local files and `/openapi.json`. */
export function serveDocumentation(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Wattproof API',
    swaggerOptions: { persistAuthorization: false, validatorUrl: null },
  });
}
