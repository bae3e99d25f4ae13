import { openTestStore, type TestStore } from '@goalkeeper/testing';
import { SHARED_TENANT_ID } from '../tenants/tenant.repository';
import { PackRepository } from './pack.repository';
import { ToolRepository } from './registry.repository';

const aTool = (name: string, summary = '') =>
  ({
    name,
    version: '1',
    summary,
    kind: 'plugin',
    effect: 'pure',
    boundMs: 1,
    timeoutMs: 10,
    costUsd: 0,
  }) as const;
const aPack = (name: string) => ({ name, version: '1', summary: '', tasks: [], methods: [], operators: [] });

describe('what is on offer', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(8);
  });
  afterAll(() => store.close());

  const offer = (...names: string[]) =>
    store.database.tenant(SHARED_TENANT_ID, async (tx) => {
      await new ToolRepository(tx).replaceAll(names.map((name) => aTool(name)));
      await new PackRepository(tx).replaceAll(names.map(aPack));
    });
  const listed = () =>
    store.inTenant(async (tx) => [
      (await new ToolRepository(tx).list()).map(({ name }) => name),
      (await new PackRepository(tx).list()).map(({ name }) => name),
    ]);

  it('no longer holds what the next one to speak leaves out', async () => {
    await offer('data.open', 'plugin.gone');
    await offer('data.open', 'plugin.new');
    const names = ['data.open', 'plugin.new'];
    expect(await listed()).toEqual([names, names]);
    await offer();
    expect(await listed()).toEqual([[], []]);
  });

  it('is what one of many said that speak at once, never a mixture', async () => {
    const offers = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ];
    const speakers = Array.from({ length: 12 }, (_, index) => offers[index % offers.length] ?? []);
    await Promise.all(speakers.map((names) => offer(...names)));
    const [tools = [], packs] = await listed();
    expect(offers.map((names) => [...names].sort())).toContainEqual(tools);
    expect(packs).toEqual(tools);
  });

  it("leaves unchanged rows and a tenant's own alone", async () => {
    await offer('shared');
    await store.inTenant((tx) => new ToolRepository(tx).replaceAll([aTool('own')]));
    const written = () => store.server.query(`SELECT xmin::text, name FROM tool ORDER BY name`);
    const before = await written();
    await offer('shared');
    expect(await written()).toEqual(before);
    expect((await listed())[0]).toEqual(['own', 'shared']);
    await store.inTenant((tx) => new ToolRepository(tx).replaceAll([aTool('shared', 'mine')]));
    const [mine] = await store.inTenant((tx) => new ToolRepository(tx).list());
    expect(mine?.summary).toBe('mine');
  });
});
