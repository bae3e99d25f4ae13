import { GoalkeeperClient } from '@goalkeeper/sdk';
import { fromSdk } from '../errors/from-sdk';
import type { Terminal } from '../io/terminal';
import { type CliConfig, type ConfigFlags, loadConfig } from './config';

/** Options that every command takes. */
export interface CommonOptions extends ConfigFlags {
  readonly json?: boolean;
}

/** A command's way to the API. */
export interface Session {
  readonly terminal: Terminal;
  readonly config: CliConfig;
  readonly client: GoalkeeperClient;
  readonly json: boolean;
}

/** @throws {CliError} when the API's address or the token cannot be found */
export function openSession(terminal: Terminal, options: CommonOptions): Session {
  const config = loadConfig(options, terminal.env, terminal.cwd);
  const client = new GoalkeeperClient({ baseUrl: config.apiUrl, token: config.token });
  return { terminal, config, client, json: options.json === true };
}

/**
 * Asks the API; a refusal or silence becomes an error for people.
 *
 * @param idempotencyKey of a request that makes something, for the advice on repeating it
 */
export async function ask<Answer>(
  session: Session,
  request: (client: GoalkeeperClient) => Promise<Answer>,
  idempotencyKey?: string,
): Promise<Answer> {
  try {
    return await request(session.client);
  } catch (error) {
    throw fromSdk(error, { apiUrl: session.config.apiUrl, ...(idempotencyKey ? { idempotencyKey } : {}) });
  }
}
