import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceResolver, ToolFailure } from '../definition';
import { createSourceResolver } from './source-resolver';

let base: string;
let resolver: SourceResolver;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'gk-sources-')));
  for (const folder of ['root', 'root/sub', 'root-too', 'samples', 'secret']) mkdirSync(join(base, folder));
  for (const file of ['root/a.csv', 'root/sub/b.csv', 'root-too/c.csv', 'samples/weather.csv', 'secret/key'])
    writeFileSync(join(base, file), 'x,y\n1,2\n');
  resolver = createSourceResolver({
    roots: [join(base, 'root')],
    samplesDir: join(base, 'samples'),
    artifactPath: async (id) => (id === 'art_1' ? { path: join(base, 'root/a.csv'), name: 'upload.csv' } : undefined),
  });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const codeOf = async (source: string): Promise<string> =>
  resolver.resolve(source).then(
    ({ path }) => path,
    (error: ToolFailure) => error.code,
  );

it('finds uploads, samples, and files below a root by relative and absolute path', async () => {
  expect(await resolver.resolve('art_1')).toEqual({ path: join(base, 'root/a.csv'), name: 'upload.csv' });
  expect(await resolver.resolve('sample:weather.csv')).toEqual({
    path: join(base, 'samples/weather.csv'),
    name: 'weather.csv',
  });
  expect(await resolver.resolve('sub/b.csv')).toEqual({ path: join(base, 'root/sub/b.csv'), name: 'b.csv' });
  expect(await resolver.resolve(join(base, 'root/a.csv'))).toEqual({ path: join(base, 'root/a.csv'), name: 'a.csv' });
});

it.each([
  'art_2',
  'sample:gone.csv',
  'sample:../secret/key',
  'sample:/etc/passwd',
  'sample:..',
  'gone.csv',
  '',
  'a\0.csv',
])('says that %j is missing', async (source) => {
  expect(await codeOf(source)).toBe('source.missing');
});

it('refuses what lies outside, however it is written, and tells nothing of what is there', async () => {
  symlinkSync(join(base, 'secret/key'), join(base, 'root/link.csv'));
  symlinkSync(join(base, 'secret'), join(base, 'root/folder'));
  const outside = [
    '../secret/key',
    '/etc/passwd',
    '/etc/no-such-file',
    join(base, 'root-too/c.csv'),
    'link.csv',
    'folder/key',
    'sub/../../secret/key',
  ];
  for (const source of outside) expect([source, await codeOf(source)]).toEqual([source, 'source.outside_roots']);
});

it('says where files may lie and of which kinds they are', async () => {
  await expect(resolver.resolve('/etc/passwd')).rejects.toThrow(
    `/etc/passwd lies outside of the folders that goals may read (${join(base, 'root')}). Put a CSV, JSON or Parquet file there, or upload it.`,
  );
});

it('follows a link that stays inside of the root', async () => {
  symlinkSync(join(base, 'root/a.csv'), join(base, 'root/sub/near.csv'));
  expect(await codeOf('sub/near.csv')).toBe(join(base, 'root/a.csv'));
});

it('refuses folders, pipes and devices without hanging', async () => {
  execFileSync('mkfifo', [join(base, 'root/pipe')]);
  expect(await codeOf('sub')).toBe('source.not_a_file');
  expect(await codeOf('pipe')).toBe('source.not_a_file');
  const devices = createSourceResolver({ roots: ['/dev'], samplesDir: base, artifactPath: async () => undefined });
  await expect(devices.resolve('/dev/null')).rejects.toMatchObject({ code: 'source.not_a_file' });
});

it('reads no path at all without roots', async () => {
  const closed = createSourceResolver({ roots: [], samplesDir: base, artifactPath: async () => undefined });
  await expect(closed.resolve('a.csv')).rejects.toMatchObject({ code: 'source.outside_roots' });
});

it('keeps closed folders shut, also by a link and by an upper root, and tells nothing of what is there', async () => {
  mkdirSync(join(base, 'root/.goalkeeper'));
  writeFileSync(join(base, 'root/.goalkeeper/token'), 'gk_secret\n');
  symlinkSync(join(base, 'root/.goalkeeper/token'), join(base, 'root/near.csv'));
  const artifactPath = async (): Promise<{ path: string; name: string }> => ({
    path: join(base, 'root/.goalkeeper/token'),
    name: 'upload.csv',
  });
  const roots = [join(base, 'root'), base];
  const open = { roots, samplesDir: join(base, 'samples'), artifactPath };
  expect((await createSourceResolver(open).resolve('.goalkeeper/token')).name).toBe('token');
  resolver = createSourceResolver({ ...open, closed: [join(base, 'root/.goalkeeper')] });
  const asked = ['.goalkeeper/token', '.goalkeeper/gone', 'near.csv', join(base, 'root/sub/../.goalkeeper/token')];
  for (const source of asked) expect([source, await codeOf(source)]).toEqual([source, 'source.outside_roots']);
  expect((await resolver.resolve('art_1')).name).toBe('upload.csv');
});

it('says of a folder that it is one', async () => {
  await expect(resolver.resolve('sub')).rejects.toThrow('sub is a folder. Name a CSV, JSON or Parquet file.');
});

describe('a file that is missing', () => {
  const said = async (
    source: string,
    more: Partial<Parameters<typeof createSourceResolver>[0]> = {},
  ): Promise<string> => {
    const options = {
      roots: [join(base, 'root')],
      samplesDir: join(base, 'samples'),
      artifactPath: async () => undefined,
    };
    const asked = createSourceResolver({ ...options, ...more }).resolve(source);
    return asked.then(
      ({ path }) => path,
      (error: ToolFailure) => error.message,
    );
  };

  it('is told with where was looked, and with files of a like name as a goal names them', async () => {
    const start = `Relative paths start at ${join(base, 'root')}.`;
    expect(await said('./aa.csv')).toBe(
      `There is no ./aa.csv. ${start} Did you mean ./a.csv, ./sub/b.csv? Else upload the file.`,
    );
    expect(await said('b.csv')).toContain('Did you mean ./sub/b.csv, ./a.csv?');
    expect(await said(join(base, 'root/B.CSV'))).toContain(
      `There is no ${join(base, 'root/B.CSV')}. Did you mean ./sub/b.csv`,
    );
    expect(await said('sample:wether.csv')).toBe(
      'There is no sample:wether.csv. Did you mean sample:weather.csv? Else upload the file.',
    );
    expect(await said('wether.csv', { roots: [join(base, 'root'), join(base, 'samples')] })).toContain(
      'Did you mean sample:weather.csv?',
    );
  });

  it('says what to do where nothing has a like name', async () => {
    expect(await said('quarterly-figures.parquet')).toMatch(
      /No file of a like name lies below .*root\. Check the spelling, put it there, or upload it\.$/,
    );
  });

  it('is told without what lies outside, is shut, hidden, or behind a link', async () => {
    for (const folder of ['root/shut', 'root/.hidden', 'root/node_modules']) {
      mkdirSync(join(base, folder));
      writeFileSync(join(base, folder, 'token-of-me.csv'), '');
    }
    writeFileSync(join(base, 'secret/token-of-me.csv'), '');
    symlinkSync(join(base, 'secret'), join(base, 'root/linked'));
    symlinkSync(join(base, 'secret/token-of-me.csv'), join(base, 'root/token-of-mee.csv'));
    const answer = await said('token-of-him.csv', { closed: [join(base, 'root/shut')] });
    expect(answer).toContain('No file of a like name');
    expect(await said('token-of-him.csv')).toContain('Did you mean ./shut/token-of-me.csv?');
  });

  it('is looked for in folders of any size and depth without going through all of them', async () => {
    const deep = join(base, 'root', ...Array.from({ length: 12 }, (_, depth) => `d${depth}`));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'needle.csv'), '');
    mkdirSync(join(base, 'root/zz'));
    for (let file = 0; file < 5_100; file += 1) writeFileSync(join(base, 'root/zz', `filler-of-all-${file}`), '');
    mkdirSync(join(base, 'root/zz/zz'));
    writeFileSync(join(base, 'root/zz/zz/needles.csv'), '');
    expect(await said('neddle.csv')).toContain('No file of a like name');
  });
});
