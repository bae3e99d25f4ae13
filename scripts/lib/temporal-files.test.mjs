import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineArgs } from './engine.mjs';
import { isUsableEngine, parseEngineVersion } from './engine-binary.mjs';
import { downloadUrl } from './engine-download.mjs';
import {
  fewShardsConfig,
  parseDynamicConfig,
  parseSearchAttributes,
  pinnedEngineVersion,
  searchAttributes,
} from './temporal-files.mjs';

test('dynamic configuration: one value a key, as JSON', () => {
  const values = parseDynamicConfig('# why\na.b:\n  - value: true\n\nc:\n  - value: "x"\n');
  assert.deepEqual(
    [...values],
    [
      ['a.b', true],
      ['c', 'x'],
    ],
  );
});

for (const [what, text, message] of [
  ['a constraint', 'a:\n  - value: 1\n    constraints: {}\n', /line 3/],
  ['a value that is not JSON', 'a:\n  - value: yes\n', /line 2.*not JSON/],
  ['a key without value', 'a:\nb:\n  - value: 1\n', /line 2/],
  ['a key without value at the end', 'a:\n', /a has no value/],
  ['a key set twice', 'a:\n  - value: 1\na:\n  - value: 2\n', /set twice/],
]) {
  test(`dynamic configuration: ${what} is refused with its place`, () =>
    assert.throws(() => parseDynamicConfig(text), { message }));
}

test('our own files give the flags of the one-machine server', () => {
  const args = engineArgs({ dir: '/d', ports: { grpc: 1, ui: 2, http: 3, metrics: 4 }, namespace: 'goals' });
  const after = (flag) => args.filter((_, index) => args[index - 1] === flag);
  assert.deepEqual(after('--sqlite-pragma'), ['journal_mode=WAL', 'synchronous=FULL']);
  assert.deepEqual(after('--namespace'), ['goals']);
  assert.deepEqual(after('--ip'), ['127.0.0.1']);
  for (const queue of ['transfer', 'timer', 'visibility', 'outbound']) {
    assert.ok(after('--dynamic-config-value').includes(`history.${queue}ProcessorMaxPollRPS=2000`), queue);
  }
  assert.ok(after('--dynamic-config-value').includes('matching.enableFairness=true'));
  assert.ok(after('--search-attribute').includes('GoalId=Keyword'));
  assert.equal(fewShardsConfig().get('system.enableActivityEagerExecution'), true);
});

test('search attributes fit the fixed columns of SQL visibility', () => {
  const counts = Map.groupBy ? Map.groupBy(searchAttributes(), ({ type }) => type) : new Map();
  for (const [type, list] of counts) assert.ok(list.length <= (type === 'Keyword' ? 10 : 3), type);
  assert.throws(() => parseSearchAttributes('A=Keyword\nB=Word'), { message: /line 2/ });
});

test('the version of a Temporal CLI decides whether it is used', () => {
  const usable = (text) => isUsableEngine(parseEngineVersion(text));
  assert.equal(usable('temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)'), true);
  assert.equal(usable('temporal version 1.7.0 (Server 1.30.0, UI 2.45.0)'), true);
  assert.equal(usable('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)'), false);
  assert.equal(usable('temporal version 0.0.0-DEV (Server 1.31.2, UI 2.50.1)'), true);
  assert.equal(usable('temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)'), false);
  assert.equal(usable('GNU bash, version 5.2'), false);
});

test('the vendor download names version, platform and processor', () => {
  assert.match(downloadUrl('1.8.2', 'linux', 'x64'), /\/cli\/v1\.8\.2\?platform=linux&arch=amd64&format=tar\.gz$/);
  assert.match(pinnedEngineVersion(), /^\d+\.\d+\.\d+$/);
});
