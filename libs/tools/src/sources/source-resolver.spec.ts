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
