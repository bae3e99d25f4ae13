import { Client, Connection } from '@temporalio/client';

export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/**
 * A client that connects on first use, so that a process starts and answers while the engine is away. It does not repeat
 * calls by itself: callers keep what they want in a table and repeat it from there, and the stock interceptor's timers
 * would end the process when one fires after `close()`.
 */
export function createTemporalClient({ address, namespace }: { address: string; namespace: string }): TemporalClient {
  const connection = Connection.lazy({ address, connectTimeout: '5s', interceptors: [] });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}
