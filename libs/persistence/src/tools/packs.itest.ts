import type { DomainPack } from '@goalkeeper/domain';
import { openTestStore, type TestStore } from '@goalkeeper/testing';
import { SHARED_TENANT_ID } from '../tenants/tenant.repository';
import { packDigest, PackRepository } from './pack.repository';

const aPack = (name: string, version = '1.0.0', summary = ''): DomainPack => ({
  ...{ name, version, summary, tasks: [], methods: [], operators: [] },
});

describe('packs', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(4);
  });
  afterAll(() => store.close());
  const own = <T>(work: (packs: PackRepository) => Promise<T>): Promise<T> =>
    store.inTenant((tx) => work(new PackRepository(tx)));
  const shared = <T>(work: (packs: PackRepository) => Promise<T>): Promise<T> =>
    store.database.tenant(SHARED_TENANT_ID, (tx) => work(new PackRepository(tx)));

  it('of one content have one digest, whatever the order of keys', () => {
    const { name, version, ...rest } = aPack('a');
    expect(packDigest({ ...rest, version, name })).toBe(packDigest(aPack('a')));
    expect(packDigest(aPack('a', '1.0.0', 'other'))).not.toBe(packDigest(aPack('a')));
  });

  it('that are uploaded stand beside the shared ones, and keep every content', async () => {
    await shared((packs) => packs.replaceAll([aPack('shipped'), aPack('hidden')]));
    expect(await own((packs) => packs.upload(aPack('hidden', '2.0.0')))).toBe('stored');
    expect(await own((packs) => packs.upload(aPack('hidden', '2.0.0')))).toBe('unchanged');
    expect(await own((packs) => packs.upload(aPack('hidden', '2.0.0', 'changed')))).toBe('conflict');
    expect(await own((packs) => packs.upload(aPack('hidden', '2.1.0', 'changed')))).toBe('stored');
    const listed = await own((packs) => packs.records());
    expect(listed.map(({ pack, source }) => [pack.name, pack.version, source])).toEqual([
      ['hidden', '2.1.0', 'upload'],
      ['shipped', '1.0.0', 'worker'],
    ]);
    expect(await own((packs) => packs.revision('hidden', packDigest(aPack('hidden', '2.0.0'))))).toEqual(
      aPack('hidden', '2.0.0'),
    );
    expect((await own((packs) => packs.versions('hidden'))).map(({ version }) => version)).toEqual([
      '2.1.0',
      '2.0.0',
      '1.0.0',
    ]);
    expect(await own((packs) => packs.remove('hidden'))).toBe(true);
    expect(await own((packs) => packs.remove('shipped'))).toBe(false);
    expect((await own((packs) => packs.list())).map(({ version }) => version)).toEqual(['1.0.0', '1.0.0']);
  });

  it('of another tenant are not seen', async () => {
    await own((packs) => packs.upload(aPack('mine')));
    const other = await store.database.tenant('00000000-0000-4000-8000-00000000abcd', (tx) =>
      new PackRepository(tx).list(),
    );
    expect(other.map(({ name }) => name)).not.toContain('mine');
  });

  it('of workers that change under one version keep what a goal may be pinned to', async () => {
    await shared((packs) => packs.replaceAll([aPack('shipped', '1.0.0', 'new words')]));
    expect(await own((packs) => packs.revision('shipped', packDigest(aPack('shipped'))))).toEqual(aPack('shipped'));
  });

  it('that cannot be used are told with their place until they are mended', async () => {
    const fault = { place: 'broken', problems: [{ at: '3:4', file: 'domain.hddl', message: 'expected )' }] };
    await shared((packs) => packs.replaceFaults([fault]));
    expect(await own((packs) => packs.faults())).toEqual([fault]);
    await shared((packs) => packs.replaceFaults([]));
    expect(await own((packs) => packs.faults())).toEqual([]);
  });
});
