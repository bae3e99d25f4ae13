import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { AppModule } from './app.module';
import type { Parts } from './core/core.module';
import { NestLog } from './core/nest-logger';
import { serveDocs } from './docs/docs';
import { ProblemFilter } from './http/problem.filter';
import { createSchemaPipe } from './http/schema.pipe';
import { requestLog } from './http/trace-id';

/** The whole application, not yet listening. */
export async function createApp(parts: Parts): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(parts), {
    abortOnError: false,
    bodyParser: false,
    logger: new NestLog(parts.log),
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(requestLog(parts.log));
  // Whoever ends TLS in front of us decides about it; on plain HTTP these two would break the pages at /docs.
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
      strictTransportSecurity: false,
    }),
  );
  app.useGlobalPipes(createSchemaPipe());
  app.useGlobalFilters(new ProblemFilter(parts.log));
  serveDocs(app);
  const server = app.getHttpServer();
  server.requestTimeout = 0; // a gigabyte over a slow line takes its time; headers have their own limit
  server.setTimeout(120_000); // a connection on which nothing moves; streams send a comment every 15 s
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 65_000;
  return app;
}
