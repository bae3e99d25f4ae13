import { Client, Connection } from '@temporalio/client';

export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** A client that connects on first use, so that a process starts and answers while the engine is away. */
export function createTemporalClient({ address, namespace }: { address: string; namespace: string }): TemporalClient {
  const connection = Connection.lazy({ address, connectTimeout: '5s' });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}
