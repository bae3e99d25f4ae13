import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadApiConfig, loadWorkerConfig } from './config';
import { envExample, envVariables } from './env-example';

const committed = readFileSync(join(__dirname, '../../../../.env.example'), 'utf8');

/** What a process sees that is started with the file, its commented lines switched on where asked for. */
function read(text: string, options: { withDefaults: boolean }): NodeJS.ProcessEnv {
  const lines = text.split('\n').map((line) => (options.withDefaults ? line.replace(/^#(?=[A-Z_]+=)/, '') : line));
  const pairs = lines.flatMap((line) => {
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    return name ? [[name, value ?? ''] as const] : [];
  });
  return Object.fromEntries(pairs);
}

describe('.env.example', () => {
  it('is the one that the schema makes', () => {
    expect(committed).toBe(envExample());
  });

  it('describes every variable', () => {
    expect(envVariables().filter(({ description }) => description === '')).toEqual([]);
  });

  it('starts API and worker as it is, and its defaults are the defaults', () => {
    const bare = read(committed, { withDefaults: false });
    const full = read(committed, { withDefaults: true });
    expect(Object.keys(full).length).toBeGreaterThan(Object.keys(bare).length);
    expect(loadApiConfig(full)).toEqual(loadApiConfig(bare));
    expect(loadWorkerConfig(full)).toEqual(loadWorkerConfig(bare));
  });
});
