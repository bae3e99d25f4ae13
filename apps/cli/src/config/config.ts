import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../errors/cli-error';
import { EXIT } from '../exit-codes';

export interface ConfigFlags {
  readonly apiUrl?: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

export interface CliConfig {
  /** Origin of the API, without a trailing slash. */
  readonly apiUrl: string;
  readonly token: string;
  /** Where to read of the API. */
  readonly docsUrl: string;
  /** The folder that holds `.goalkeeper/`; where the person stands when there is none above. */
  readonly homeDir: string;
}

const DEFAULT_URL = 'http://127.0.0.1:3000';

interface Project {
  readonly dir: string;
  readonly apiUrl: string | null;
  readonly docsUrl: string | null;
}

/**
 * Where the API is and with which token: flags, then GK_API_URL, GK_TOKEN, GK_TOKEN_FILE, then `.goalkeeper/` of this
 * folder or the nearest one above. Names in files are trusted for this machine only: a checkout can neither send a
 * token elsewhere nor is its token sent elsewhere.
 *
 * @throws {CliError} when the address is not usable or there is no token
 */
export function loadConfig(
  flags: ConfigFlags,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): CliConfig {
  const project = findProject(cwd);
  const given = flags.apiUrl || env.GK_API_URL;
  const apiUrl = given ? originOf(given) : projectUrl(project);
  const token = readToken(flags, env, { cwd, project, apiUrl });
  const docsUrl = project?.docsUrl && apiUrl === project.apiUrl ? project.docsUrl : `${apiUrl}/docs`;
  return { apiUrl, token, docsUrl, homeDir: project?.dir ?? cwd };
}

function projectUrl(project: Project | null): string {
  if (!project?.apiUrl) return DEFAULT_URL;
  if (isLoopback(project.apiUrl)) return project.apiUrl;
  throw new CliError(
    `${join(project.dir, '.goalkeeper', 'stack.json')} names ${project.apiUrl}, which is not this machine`,
    {
      code: 'config.foreign_stack',
      exitCode: EXIT.usage,
      fix: [`if that is meant: GK_API_URL=${project.apiUrl}`],
      repeat: 'nothing was sent',
    },
  );
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.username) return url.origin;
  throw new CliError(`The address of the API is not usable: ${text}`, {
    code: 'config.invalid_url',
    exitCode: EXIT.usage,
    fix: [`an address without path, for example --api-url ${DEFAULT_URL}`],
    repeat: 'nothing was sent',
  });
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

interface TokenPlace {
  readonly cwd: string;
  readonly project: Project | null;
  readonly apiUrl: string;
}

function readToken(flags: ConfigFlags, env: Readonly<Record<string, string | undefined>>, place: TokenPlace): string {
  if (flags.token) return usable(flags.token, '--token');
  if (flags.tokenFile) return tokenFrom(resolve(place.cwd, flags.tokenFile));
  if (env.GK_TOKEN) return usable(env.GK_TOKEN, 'GK_TOKEN');
  if (env.GK_TOKEN_FILE) return tokenFrom(resolve(place.cwd, env.GK_TOKEN_FILE));
  const own = place.project && isLoopback(place.apiUrl) ? join(place.project.dir, '.goalkeeper', 'token') : null;
  if (own !== null && readIfThere(own) !== null) return tokenFrom(own);
  const why = place.project && own === null ? `; the token of this checkout is not sent to ${place.apiUrl}` : '';
  throw new CliError(`No token was found${why}`, {
    code: 'config.no_token',
    exitCode: EXIT.auth,
    fix: ['npm start (it keeps a token in .goalkeeper/token of the checkout)', 'or set GK_TOKEN or GK_TOKEN_FILE'],
    repeat: 'nothing was sent',
  });
}

function tokenFrom(path: string): string {
  try {
    return usable(readFileSync(path, 'utf8'), `The token file ${path}`);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw unusable(`The token file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A token as a header can carry it: printable ASCII without spaces. */
function usable(text: string, what: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw unusable(`${what} ${token === '' ? 'is empty' : 'holds more than a token'}`);
}

function unusable(message: string): CliError {
  return new CliError(message, {
    code: 'config.token_unreadable',
    exitCode: EXIT.auth,
    fix: ['check the path and its permissions, or set GK_TOKEN'],
    repeat: 'nothing was sent',
  });
}

function findProject(cwd: string): Project | null {
  for (let dir = resolve(cwd); ; dir = dirname(dir)) {
    const stack = readIfThere(join(dir, '.goalkeeper', 'stack.json'));
    if (stack !== null) return { dir, ...addressesOf(stack) };
    if (readIfThere(join(dir, '.goalkeeper', 'token')) !== null) return { dir, apiUrl: null, docsUrl: null };
    if (dirname(dir) === dir) return null;
  }
}

/** The addresses that the launcher wrote down; none when the file is damaged or half written. */
function addressesOf(json: string): { apiUrl: string | null; docsUrl: string | null } {
  try {
    const { addresses } = JSON.parse(json) as { addresses?: { api?: unknown; docs?: unknown } };
    const { api, docs } = addresses ?? {};
    return {
      apiUrl: typeof api === 'string' && URL.canParse(api) ? new URL(api).origin : null,
      docsUrl: typeof docs === 'string' ? docs : null,
    };
  } catch {
    return { apiUrl: null, docsUrl: null };
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
