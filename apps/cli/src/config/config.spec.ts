import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from './config';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gk-config-'));
  mkdirSync(join(dir, '.goalkeeper'));
  mkdirSync(join(dir, 'a', 'b'), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, content: string): void => writeFileSync(join(dir, '.goalkeeper', name), content);
const stack = (api: string): void => write('stack.json', JSON.stringify({ addresses: { api, docs: `${api}/docs` } }));
const codeOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return (error as { details: { code: string } }).details.code;
  }
  return 'none';
};

describe('loadConfig', () => {
  it('finds the stack and the token of the checkout from a folder below', () => {
    stack('http://127.0.0.1:3456');
    write('token', 'from-file\n');
    expect(loadConfig({}, {}, join(dir, 'a', 'b'))).toEqual({
      apiUrl: 'http://127.0.0.1:3456',
      token: 'from-file',
      docsUrl: 'http://127.0.0.1:3456/docs',
      homeDir: dir,
    });
  });

  it('prefers flags to the environment and the environment to the checkout', () => {
    stack('http://127.0.0.1:1');
    write('token', 'from-file');
    const env = { GK_API_URL: 'http://127.0.0.1:2/', GK_TOKEN: 'from-env' };
    expect(loadConfig({}, env, dir)).toMatchObject({ apiUrl: 'http://127.0.0.1:2', token: 'from-env' });
    const flags = { apiUrl: 'http://127.0.0.1:3', token: 'from-flag' };
    expect(loadConfig(flags, env, dir)).toMatchObject({ apiUrl: 'http://127.0.0.1:3', token: 'from-flag' });
  });

  it('reads the token file that GK_TOKEN_FILE or --token-file names, and says so when it cannot', () => {
    writeFileSync(join(dir, 'other'), 'other-token');
    expect(loadConfig({}, { GK_TOKEN_FILE: 'other' }, dir).token).toBe('other-token');
    expect(loadConfig({ tokenFile: join(dir, 'other') }, {}, dir).token).toBe('other-token');
    expect(codeOf(() => loadConfig({ tokenFile: 'nowhere' }, {}, dir))).toBe('config.token_unreadable');
    writeFileSync(join(dir, 'other'), 'two words');
    expect(codeOf(() => loadConfig({ tokenFile: 'other' }, {}, dir))).toBe('config.token_unreadable');
  });

  it('refuses a token that no header can carry', () => {
    expect(codeOf(() => loadConfig({}, { GK_TOKEN: 'a\nb' }, dir))).toBe('config.token_unreadable');
  });

  it('says that there is no token', () => {
    expect(codeOf(() => loadConfig({}, {}, dir))).toBe('config.no_token');
  });

  it('does not send the token of a checkout to another machine', () => {
    write('token', 'secret');
    expect(codeOf(() => loadConfig({ apiUrl: 'https://elsewhere.example' }, {}, dir))).toBe('config.no_token');
  });

  it('does not follow a checkout to another machine', () => {
    stack('https://elsewhere.example');
    expect(codeOf(() => loadConfig({}, { GK_TOKEN: 'secret' }, dir))).toBe('config.foreign_stack');
  });

  it('refuses an address that is none, and lives with a damaged stack.json', () => {
    for (const apiUrl of ['nonsense', 'ftp://x', 'http://u:p@x', 'http://x/v1?a=b'])
      expect(codeOf(() => loadConfig({ apiUrl, token: 't' }, {}, dir))).toBe('config.invalid_url');
    write('stack.json', '{"addresses": ');
    expect(loadConfig({ token: 't' }, {}, dir).apiUrl).toBe('http://127.0.0.1:3000');
  });
});
