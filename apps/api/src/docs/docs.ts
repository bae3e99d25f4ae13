import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { EventPage, GoalEvent, Problem } from '@goalkeeper/contracts';
import { z } from 'zod';
import { readVersion } from '../health/version';

type JsonSchema = Record<string, unknown>;

const DESCRIPTION = `Autonomous agents that never drop a goal.

State a goal with \`POST /v1/goals\`, follow it with \`GET /v1/goals/{id}/events\`, read its report from
\`GET /v1/goals/{id}/artifacts\`. Every route under /v1 wants \`Authorization: Bearer <token>\`. Refusals are problem
documents (RFC 9457): decide by \`code\`, it never changes.`;

/** The OpenAPI 3.1 document: routes from the controllers, shapes from the same zod schemas that check requests. */
export function createOpenApi(app: INestApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Goalkeeper')
    .setVersion(readVersion())
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token, gk_pat_…' }, 'token')
    .addSecurityRequirements('token')
    .build();
  const shared: Record<string, unknown> = {};
  const document = SwaggerModule.createDocument(app, info, {
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '').toLowerCase()}_${method}`,
    standardSchemaConverter: (schema, { schemaType }) => ({ schema: convert(schema as z.ZodType, schemaType, shared) }),
  });
  for (const extra of [Problem, GoalEvent, EventPage]) convert(extra, 'output', shared);
  const components = document.components ?? {};
  return { ...document, components: { ...components, schemas: { ...components.schemas, ...shared } as never } };
}

/** Swagger UI at /docs, the document at /openapi.json; both without a token. */
export function serveDocs(app: INestApplication): void {
  const document = createOpenApi(app);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Goalkeeper API',
    swaggerOptions: { persistAuthorization: true },
  });
}

/** JSON Schema of a zod schema; named parts go to `shared` and are referred to by name. */
function convert(schema: z.ZodType, io: 'input' | 'output', shared: Record<string, unknown>): JsonSchema {
  const { $schema: _dialect, $defs, ...body } = z.toJSONSchema(schema, { target: 'draft-2020-12', io }) as JsonSchema;
  for (const [name, part] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) shared[name] = tidy(part);
  const id = typeof body.id === 'string' ? body.id : null;
  if (id === null) return tidy(body);
  shared[id] = tidy(body);
  return { $ref: `#/components/schemas/${id}` };
}

/** Points references at the document's components and drops names that only mattered inside the schema. */
function tidy(value: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(value), (key: string, inner: unknown) => {
    if (key === '$ref' && typeof inner === 'string') return inner.replace('#/$defs/', '#/components/schemas/');
    if (typeof inner === 'object' && inner !== null && 'id' in inner && typeof inner.id === 'string') {
      const { id: _id, ...rest } = inner;
      return rest;
    }
    return inner;
  }) as JsonSchema;
}
