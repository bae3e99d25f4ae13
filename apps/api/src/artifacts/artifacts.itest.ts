import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import {
  ArtifactList,
  ArtifactResponse,
  parsePublicId,
  Problem,
  toPublicId,
  UploadResponse,
} from '@goalkeeper/contracts';
import { ArtifactRepository, newId } from '@goalkeeper/persistence';
import { BlobStore } from '@goalkeeper/platform';
import { startApi, type Api } from '../../test/harness';

let db: TestDatabase;
let api: Api;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

const sha256 = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');
const upload = async (name: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  ArtifactResponse.parse(
    (await api.call('POST', `/v1/artifacts?name=${encodeURIComponent(name)}`, { body, headers })).json,
  );

describe('bringing a file in', () => {
  it('stores its bytes under their hash and gives them back', async () => {
    const bytes = randomBytes(3_000_000);
    const artifact = await upload('data.parquet', bytes, { 'content-type': 'application/octet-stream' });
    expect(artifact).toMatchObject({
      name: 'data.parquet',
      mediaType: 'application/vnd.apache.parquet',
      sizeBytes: bytes.length,
      sha256: sha256(bytes),
      goalId: null,
    });
    const response = await fetch(`${api.url}${artifact.links.content}`, { headers: auth(api.token) });
    expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(artifact.sha256);
    expect((await api.call('GET', `/v1/artifacts/${artifact.id}`)).json).toEqual(artifact);
  });

  it('stores one file for a key, and refuses the key for another file', async () => {
    const headers = { 'idempotency-key': 'f1' };
    const first = await upload('a.csv', 'a,b', headers);
    expect(await upload('a.csv', 'a,b', headers)).toEqual(first);
    const other = await api.call('POST', '/v1/artifacts?name=a.csv', { body: 'c,d', headers });
    expect([other.status, other.json.code]).toEqual([422, 'idempotency.reused']);
    const begun = { json: { name: 'b.csv', sizeBytes: 0 }, headers: { 'idempotency-key': 'u1' } };
    const once = await api.call('POST', '/v1/uploads', begun);
    const twice = await api.call('POST', '/v1/uploads', begun);
    expect([twice.json, twice.headers.get('idempotent-replayed')]).toEqual([once.json, 'true']);
  });

  it('takes JSON and big bodies as they are, without parsing them', async () => {
    const text = `{"a": ${'[1],'.repeat(400_000)}`;
    const artifact = await upload('broken.json', text, { 'content-type': 'application/json' });
    expect(artifact.sha256).toBe(sha256(text));
  });

  it.each(['', 'a/b', '..', '%00'])('refuses the name %j', async (name) => {
    const answer = await api.call('POST', `/v1/artifacts?name=${name}`, { body: 'x' });
    expect([answer.status, Problem.parse(answer.json).code]).toEqual([400, 'request.invalid']);
  });

  it('refuses what announces itself as too large before reading it', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { ...auth(api.token), 'content-length': String(2 ** 31), 'content-type': 'text/csv' };
      const request = httpRequest(`${api.url}/v1/artifacts?name=a.csv`, { method: 'POST', headers });
      request.once('response', (response) => resolve(response.statusCode));
      request.once('error', reject);
      request.write('a,b\n');
    });
    expect(status).toBe(413);
  });

  it('keeps nothing of a file whose connection broke', async () => {
    await new Promise<void>((resolve) => {
      const headers = { ...auth(api.token), 'content-length': '1000000' };
      const request = httpRequest(`${api.url}/v1/artifacts?name=cut.csv`, { method: 'POST', headers });
      request.once('error', () => resolve());
      request.write('a,b\n', () => setTimeout(() => request.destroy(), 100));
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await db.query(`SELECT 1 FROM artifact WHERE name = 'cut.csv'`)).toEqual([]);
  });
});

describe('reading a file', () => {
  it('serves ranges', async () => {
    const { links } = await upload('digits.txt', '0123456789');
    const range = (value: string) => api.call('GET', links.content, { headers: { range: value } });
    expect([(await range('bytes=2-4')).status, (await range('bytes=2-4')).text]).toEqual([206, '234']);
    expect((await range('bytes=-3')).text).toBe('789');
    expect((await range('bytes=8-')).headers.get('content-range')).toBe('bytes 8-9/10');
    const outside = await range('bytes=10-');
    expect([outside.status, outside.json.code, outside.headers.get('content-range')]).toEqual([
      416,
      'request.range',
      'bytes */10',
    ]);
    const head = await api.call('HEAD', links.content);
    expect([head.status, head.headers.get('content-length'), head.text]).toEqual([200, '10', '']);
    const etag = head.headers.get('etag') ?? '';
    expect((await api.call('GET', links.content, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const other = { range: 'bytes=2-4', 'if-range': '"something else"' };
    expect((await api.call('GET', links.content, { headers: other })).status).toBe(200);
  });

  it('never hands a page to a browser that could act', async () => {
    const { links } = await upload('evil "ünï".html', '<script>alert(1)</script>');
    const saved = await api.call('GET', links.content);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; filename="evil __n__\.html"|^attachment/);
    expect(saved.headers.get('content-disposition')).toContain("filename*=UTF-8''evil%20%22%C3%BCn%C3%AF%22.html");
    const shown = await api.call('GET', `${links.content}?inline=1`);
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/);
    for (const { headers } of [saved, shown]) {
      expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const odd = await upload('a.html', 'x', { 'content-type': 'application/x-shockwave-flash' });
    expect((await api.call('GET', `${odd.links.content}?inline=1`)).headers.get('content-disposition')).toMatch(
      /^attach/,
    );
  });

  it("lists a goal's files", async () => {
    const goal = (await api.call('POST', '/v1/goals', { json: { objective: 'x' } })).json;
    const blob = await api.app.get(BlobStore).put(Buffer.from('# report'));
    await api.database.tenant(api.tenantId, (tx) =>
      new ArtifactRepository(tx).add({
        id: newId(),
        goalId: parsePublicId('goal', goal.id),
        stepId: 'report',
        name: 'report.md',
        mediaType: 'text/markdown',
        direction: 'out',
        ...blob,
      }),
    );
    const page = await api.app.get(BlobStore).put(Buffer.from('<h1>report</h1>'));
    const html = {
      name: 'report.html',
      mediaType: 'text/html; charset=utf-8',
      stepId: 'report',
      direction: 'out' as const,
    };
    const pageId = newId();
    await api.database.tenant(api.tenantId, (tx) =>
      new ArtifactRepository(tx).add({ id: pageId, goalId: parsePublicId('goal', goal.id), ...html, ...page }),
    );
    const shown = await api.call('GET', `/v1/artifacts/${toPublicId('art', pageId)}/content?inline=1`);
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/);
    const { data } = ArtifactList.parse((await api.call('GET', goal.links.artifacts)).json);
    expect(data).toMatchObject([{ name: 'report.md', goalId: goal.id, sizeBytes: 8 }, { name: 'report.html' }]);
    const content = await api.call('GET', data[0]?.links.content ?? '');
    expect([content.text, content.headers.get('content-type')]).toEqual(['# report', 'text/markdown; charset=utf-8']);
  });
});

describe('a file in pieces', () => {
  const begin = async (json: object) => UploadResponse.parse((await api.call('POST', '/v1/uploads', { json })).json);
  const put = (id: string, offset: number, body: string | Uint8Array) =>
    api.call('PUT', `/v1/uploads/${id}`, { body, headers: { 'upload-offset': String(offset) } });

  it('goes on where it stood after a connection broke, and becomes an artifact with its last byte', async () => {
    const bytes = randomBytes(500_000);
    const { id } = await begin({ name: 'big.csv', sizeBytes: bytes.length, sha256: sha256(bytes) });
    expect((await put(id, 0, bytes.subarray(0, 100_000))).json).toMatchObject({ offset: 100_000, artifact: null });
    await new Promise<void>((resolve) => {
      const headers = { ...auth(api.token), 'content-length': '400000', 'upload-offset': '100000' };
      const request = httpRequest(`${api.url}/v1/uploads/${id}`, { method: 'PUT', headers });
      request.once('error', () => resolve());
      request.write(bytes.subarray(100_000, 150_000), () => setTimeout(() => request.destroy(), 100));
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const head = await api.call('HEAD', `/v1/uploads/${id}`);
    const offset = Number(head.headers.get('upload-offset'));
    expect(offset).toBe(150_000);
    const wrong = await put(id, 100_000, 'x');
    expect([wrong.status, wrong.json.code, wrong.headers.get('upload-offset')]).toEqual([
      409,
      'upload.offset',
      '150000',
    ]);
    const done = UploadResponse.parse((await put(id, offset, bytes.subarray(offset))).json);
    expect(done.artifact).toMatchObject({ name: 'big.csv', mediaType: 'text/csv', sha256: sha256(bytes) });
    expect((await api.call('GET', `/v1/uploads/${id}`)).json).toEqual(done);
    expect((await put(id, bytes.length, '')).json.code).toBe('upload.offset');
  });

  it('refuses more bytes than announced, and content with another hash', async () => {
    const small = await begin({ name: 'a.csv', sizeBytes: 3 });
    expect((await put(small.id, 0, 'abcd')).status).toBe(413);
    const hashed = await begin({ name: 'a.csv', sizeBytes: 3, sha256: sha256('abc') });
    expect((await put(hashed.id, 0, 'abd')).json.code).toBe('upload.hash');
    expect(UploadResponse.parse((await put(hashed.id, 0, 'abc')).json).artifact?.sha256).toBe(sha256('abc'));
  });

  it('may be empty, and belongs to its tenant', async () => {
    const { id, artifact } = await begin({ name: 'empty.csv', sizeBytes: 0 });
    expect(artifact).toMatchObject({ sizeBytes: 0, sha256: sha256('') });
    const foreign = await api.call('GET', `/v1/uploads/${id}`, { token: api.foreignToken });
    expect([foreign.status, foreign.json.code]).toEqual([404, 'upload.not_found']);
  });
});

function auth(token: string) {
  return { authorization: `Bearer ${token}` };
}
