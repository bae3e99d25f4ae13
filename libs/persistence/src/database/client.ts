import { Client } from 'pg';
import { preparedName } from '../sql';

type Send = (query: unknown, values?: unknown, callback?: unknown) => unknown;

/**
 * A connection of the pool. Statements marked by `prepared` are parsed and planned once a connection and then only
 * run: a goal of five steps costs PostgreSQL less than half. Errors are always heard: between two users of a connection
 * nobody else listens, and unheard they would end the process.
 */
export class PooledClient extends Client {
  constructor(config?: ConstructorParameters<typeof Client>[0]) {
    super(config);
    this.on('error', () => undefined); // the pool tells the log, and opens another connection
    const send = this.query.bind(this) as Send;
    const query: Send = (text, values, callback) => {
      const name = typeof text === 'string' && Array.isArray(values) ? preparedName(text) : null;
      return name ? send({ name, text, values }, callback) : send(text, values, callback);
    };
    Object.assign(this, { query });
  }
}
