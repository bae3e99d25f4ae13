import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeKill } from './chaos.mjs';
import { countTap } from './gates.mjs';
import { countJest } from './jest-run.mjs';
import { postgresIdentity } from './postgres-native.mjs';
import { createReporter } from './reporter.mjs';

const events = (...list) => list.map(([type, stepId], index) => ({ seq: index + 1, type, stepId }));

test('a kill is judged by the events: nothing completed ran again', () => {
  const story = events(
    ['step.started', 'a'],
    ['step.completed', 'a'],
    ['step.started', 'b'],
    ['step.started', 'b'],
    ['step.completed', 'b'],
  );
  assert.deepEqual(judgeKill(story, 3), { completedBefore: 1, completedInAll: 2, ranAgain: [] });
});

test('a step that ran again after it was completed is named', () => {
  const twice = events(['step.completed', 'a'], ['step.completed', 'a']);
  assert.deepEqual(judgeKill(twice, 1).ranAgain, ['a']);
  const restarted = events(['step.completed', 'a'], ['tool.requested', 'a']);
  assert.deepEqual(judgeKill(restarted, 1).ranAgain, ['a']);
});

test('jest: skipped tests are named, a file that does not load is a failure', () => {
  const result = {
    testResults: [
      {
        name: '/x/a.spec.ts',
        status: 'passed',
        assertionResults: [
          { status: 'passed', fullName: 'one' },
          { status: 'pending', fullName: 'needs Redis' },
        ],
      },
      { name: '/x/b.spec.ts', status: 'failed', assertionResults: [] },
      { name: '/x/c.spec.ts', status: 'failed', assertionResults: [{ status: 'failed', fullName: 'three' }] },
    ],
  };
  const counted = countJest('unit', result, 1);
  assert.deepEqual([counted.passed, counted.failed, counted.skipped], [1, 2, 1]);
  assert.deepEqual(counted.skips, ['unit: /x/a.spec.ts: needs Redis']);
  assert.match(counted.failures.join('\n'), /b\.spec\.ts: the file does not run/);
});

test('jest: an exit code without a failed test is a failure all the same', () => {
  assert.equal(countJest('unit', { testResults: [] }, 1).failed, 1);
  assert.equal(countJest('unit', { testResults: [] }, 0).failed, 0);
});

test("node's own runner: numbers and names from its report", () => {
  const counted = countTap([
    'ok 1 - good',
    'not ok 2 - bad',
    'ok 3 - off # SKIP needs x',
    '# pass 1',
    '# fail 1',
    '# cancelled 0',
    '# skipped 1',
    '# todo 0',
  ]);
  assert.deepEqual([counted.passed, counted.failed, counted.skipped], [1, 1, 1]);
  assert.deepEqual(counted.failures, ['scripts: bad']);
  assert.equal(counted.skips.length, 1);
});

const known = [
  { name: 'root', uid: 0, gid: 0 },
  { name: 'nobody', uid: 65534, gid: 65534 },
  { name: 'ann', uid: 1001, gid: 1001 },
];

test('PostgreSQL runs as it is for an ordinary user, in a user namespace for root', () => {
  assert.deepEqual(postgresIdentity({ uid: 1001, known, canUnshare: () => false }), { kind: 'direct' });
  assert.deepEqual(postgresIdentity({ uid: 0, known, canUnshare: () => true }), {
    kind: 'namespace',
    uid: 65534,
    gid: 65534,
  });
});

test('an account without a name (a container) gets one in a user namespace', () => {
  assert.equal(postgresIdentity({ uid: 4711, known, canUnshare: () => true }).kind, 'namespace');
});

test('without user namespaces root hands PostgreSQL to an unprivileged account, or says what to do', () => {
  assert.equal(postgresIdentity({ uid: 0, known, canUnshare: () => false }).name, 'nobody');
  assert.throws(() => postgresIdentity({ uid: 0, known: known.slice(0, 1), canUnshare: () => false }), {
    message: /nobody/,
    hint: /DATABASE_URL/,
  });
});

test('without a terminal there is neither colour nor a rewritten line; JSON mode writes lines of JSON alone', () => {
  const texts = { out: '', err: '' };
  const streams = {
    stdout: { write: (text) => (texts.out += text) },
    stderr: { write: (text) => (texts.err += text) },
    env: {},
  };
  const plain = createReporter(streams);
  plain.done('engine', 'ready');
  plain.progress('engine').end();
  assert.equal(texts.out, '');
  assert.doesNotMatch(texts.err, /[\u001b\r]/);
  const json = createReporter({ ...streams, json: true });
  texts.err = '';
  json.warn('redis', 'none');
  json.text('for people');
  json.record({ type: 'ready' });
  assert.deepEqual(
    texts.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type),
    ['setup', 'ready'],
  );
  assert.equal(texts.err, '');
});
