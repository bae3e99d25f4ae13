import { createServer } from 'node:http';
import type { Database } from '@goalkeeper/persistence';
import type { Pools } from './pools';

export interface Health {
  close(): Promise<void>;
}

interface HealthInput {
  readonly port: number;
  readonly host: string;
  readonly pools: Pick<Pools, 'isServing'>;
  readonly database: Pick<Database, 'isHealthy'>;
}

/** `/livez`: the process answers. `/readyz`: every pool polls its queue and the database answers. */
export async function serveHealth({ port, host, pools, database }: HealthInput): Promise<Health> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/livez') return answer(200, { status: 'ok' });
    if (request.url !== '/readyz') return answer(404, { status: 'unknown path' });
    void database.isHealthy().then((isDatabaseUp) => {
      const isServing = pools.isServing();
      answer(isServing && isDatabaseUp ? 200 : 503, {
        pools: isServing ? 'serving' : 'stopped',
        database: isDatabaseUp ? 'ok' : 'down',
      });
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
