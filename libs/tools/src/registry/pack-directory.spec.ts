import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PackDirectory } from './pack-directory';

const DOMAIN = '(define (domain lamp) (:predicates (on ?x)) (:action press :parameters (?x) :effect (on ?x)))';
const bindings = (more: object = {}): string =>
  JSON.stringify({
    ...{
      name: 'lamp',
      version: '1.0.0',
      summary: 'lamps',
      primitives: { press: { tools: [{ tool: 'test.note', args: {} }] } },
    },
    ...more,
  });
const jsonPack = (name: string): string =>
  JSON.stringify({
    ...{ name, version: '1.0.0', summary: 's' },
    tasks: [{ name: `${name}.do`, summary: 's' }],
    methods: [{ name: 'm', task: `${name}.do`, summary: 's', cost: 1, subtasks: [] }],
    operators: [{ name: `${name}.op`, summary: 's', tools: [{ tool: 'test.note' }] }],
  });

describe('a directory of packs', () => {
  let dir: string;
  const tools = { has: (name: string) => name === 'test.note', verifier: () => undefined, packs: () => [] };
  const write = (folder: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(join(dir, folder), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, folder, name), text);
  };
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'gk-packs-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const names = (packs: PackDirectory): string[] =>
    packs.current().packs.map(({ name, version }) => `${name} ${version}`);

  it('that is not there holds nothing', async () => {
    const packs = new PackDirectory(join(dir, 'nowhere'), tools);
    expect(await packs.scan()).toBe(false);
    expect(packs.current()).toEqual({ packs: [], faults: [] });
  });

  it('offers what is dropped into it, and no longer what is taken out', async () => {
    const packs = new PackDirectory(dir, tools);
    write('lamp', { 'domain.hddl': DOMAIN, 'bindings.json': bindings() });
    write('more', { 'a.pack.json': jsonPack('a'), 'pack.json': jsonPack('b') });
    expect(await packs.scan()).toBe(true);
    expect(names(packs)).toEqual(['lamp 1.0.0', 'a 1.0.0', 'b 1.0.0']);
    expect(await packs.scan()).toBe(false);
    write('lamp', { 'bindings.json': bindings({ version: '1.0.1' }) });
    rmSync(join(dir, 'more'), { recursive: true });
    expect(await packs.scan()).toBe(true);
    expect(names(packs)).toEqual(['lamp 1.0.1']);
  });

  it('tells what is wrong, where, and goes on with the others', async () => {
    const packs = new PackDirectory(dir, tools);
    write('a-good', { 'pack.json': jsonPack('good') });
    write('b-domain', { 'domain.hddl': DOMAIN.replace(':effect (on', ':effect (off'), 'bindings.json': bindings() });
    write('c-json', { 'pack.json': '{\n  "name": "x",\n  "version" 1 }' });
    write('d-bindings', { 'domain.hddl': DOMAIN, 'bindings.json': bindings({ primitives: {} }) });
    write('e-tool', {
      'domain.hddl': DOMAIN,
      'bindings.json': bindings({ name: 'e', primitives: { press: { tools: [{ tool: 'no.tool' }] } } }),
    });
    write('f-name', { 'pack.json': jsonPack('good') });
    write('g-code', { 'plugin.json': '{}' });
    write('h-empty', {});
    write('i-unbound', { 'domain.pddl': DOMAIN });
    await packs.scan();
    expect(names(packs)).toEqual(['good 1.0.0']);
    const faults = Object.fromEntries(packs.current().faults.map(({ place, problems }) => [place, problems[0]]));
    expect(faults).toMatchObject({
      'b-domain': {
        file: 'domain.hddl',
        at: expect.stringMatching(/^1:\d+$/),
        message: expect.stringContaining('expected'),
      },
      'c-json': { file: 'pack.json', at: '3:13' },
      'd-bindings': { file: 'bindings.json', at: 'primitives', message: expect.stringContaining('press') },
      'e-tool': { message: 'no tool is called no.tool' },
      'f-name': { message: 'another pack is called good' },
      'g-code': { message: expect.stringContaining('GK_PLUGIN_DIRS') },
      'h-empty': { message: expect.stringContaining('is expected') },
      'i-unbound': { file: 'bindings.json', message: expect.stringContaining('is missing') },
    });
    expect(Object.keys(faults)).toHaveLength(8);
  });

  it('follows no link out of a folder, and tells nothing of what is in a file', async () => {
    const packs = new PackDirectory(dir, tools);
    const outside = join(dir, '.outside');
    writeFileSync(outside, 'root:secret-of-the-machine');
    for (const [folder, file, target] of [
      ['a-json', 'pack.json', outside],
      ['b-domain', 'domain.hddl', outside],
      ['c-device', 'pack.json', '/dev/zero'],
    ] as const) {
      write(folder, { 'bindings.json': '{}' });
      symlinkSync(target, join(dir, folder, file));
    }
    write('d-own', { 'pack.json': 'own:secret-of-the-machine' });
    write('e-domain', { 'domain.hddl': 'own:secret-of-the-machine', 'bindings.json': '{}' });
    write('f-inside', {});
    mkdirSync(join(dir, 'f-inside', 'data'));
    writeFileSync(join(dir, 'f-inside', 'data', 'real.json'), jsonPack('inside'));
    symlinkSync(join('data', 'real.json'), join(dir, 'f-inside', 'pack.json'));
    write('g-large', {});
    closeSync(openSync(join(dir, 'g-large', 'pack.json'), 'w'));
    truncateSync(join(dir, 'g-large', 'pack.json'), 5 * 1024 ** 3);
    await packs.scan();
    expect(names(packs)).toEqual(['inside 1.0.0']);
    const { faults } = packs.current();
    expect(faults.map(({ place, problems }) => [place, problems[0]?.message])).toEqual([
      ['a-json', 'is a link that leads out of its folder'],
      ['b-domain', 'is a link that leads out of its folder'],
      ['c-device', 'is a link that leads out of its folder'],
      ['d-own', 'is no JSON'],
      ['e-domain', expect.stringContaining('expected')],
      ['g-large', expect.stringContaining('at most')],
    ]);
    expect(JSON.stringify(faults)).not.toMatch(/secret|root:/);
  });

  it('waits for no pipe', async () => {
    const packs = new PackDirectory(dir, tools);
    write('a-good', { 'pack.json': jsonPack('good') });
    write('b-pipe', {});
    execFileSync('mkfifo', [join(dir, 'b-pipe', 'pack.json')]);
    await packs.scan();
    expect(names(packs)).toEqual(['good 1.0.0']);
    expect(packs.current().faults[0]?.problems[0]).toMatchObject({ file: 'pack.json', message: 'is no regular file' });
  });
});
