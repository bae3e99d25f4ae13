import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLock } from './lock.mjs';
import { isFree, pickPort } from './ports.mjs';
import { isSameProcess, run, startTime, until } from './proc.mjs';
import { markedProcesses, sweep } from './sweep.mjs';
import { backoffMs, createSupervisor } from './supervisor.mjs';

const quiet = { warn() {}, info() {}, done() {}, error() {} };
const inFolder = async (work) => {
  const folder = mkdtempSync(join(tmpdir(), 'gk-scripts-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test('a lock lets one in at a time', () =>
  inFolder(async (folder) => {
    let inside = 0;
    let most = 0;
    const enter = () =>
      withLock(join(folder, 'lock'), async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside -= 1;
      });
    await Promise.all([enter(), enter(), enter()]);
    assert.equal(most, 1);
    assert.deepEqual(readdirSync(folder), []);
  }));

test('two processes do not hold one lock together', () =>
  inFolder(async (folder) => {
    const script = `import { withLock } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)};
      import { appendFileSync } from 'node:fs';
      for (let i = 0; i < 20; i += 1) await withLock(${JSON.stringify(join(folder, 'lock'))}, async () => {
        appendFileSync(${JSON.stringify(join(folder, 'log'))}, 'in\\n');
        await new Promise((r) => setTimeout(r, 1));
        appendFileSync(${JSON.stringify(join(folder, 'log'))}, 'out\\n');
      });`;
    const both = await Promise.all([1, 2].map(() => run(process.execPath, ['--input-type=module', '-e', script])));
    assert.equal(both.length, 2);
    const lines = (await run('cat', [join(folder, 'log')])).stdout.trim().split('\n');
    assert.equal(lines.length, 80);
    assert.ok(lines.every((line, index) => line === (index % 2 === 0 ? 'in' : 'out')));
  }));

test('the lock of a dead process is taken over, that of a living one is waited for', () =>
  inFolder(async (folder) => {
    const { stdout } = await run(process.execPath, ['-p', 'process.pid']);
    const path = join(folder, 'lock');
    const host = (await import('node:os')).hostname();
    writeFileSync(path, JSON.stringify({ pid: Number(stdout), started: '1', host }));
    assert.equal(await withLock(path, async () => 'in'), 'in');
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: startTime(process.pid), host }));
    const patience = new AbortController();
    const waiting = withLock(path, async () => 'in', {
      signal: patience.signal,
      onWait: () => patience.abort(new Error('waited')),
    });
    await assert.rejects(waiting, /waited/);
  }));

test('a process is told from a later one with its number', () => {
  assert.equal(isSameProcess({ pid: process.pid, started: startTime(process.pid) }), true);
  assert.equal(isSameProcess({ pid: process.pid, started: 'another time' }), false);
  assert.equal(isSameProcess(null), false);
});

test('run rejects with the last lines, and an abort ends the whole group', async () => {
  await assert.rejects(run('sh', ['-c', 'echo why >&2; exit 3']), { code: 3, message: /why/ });
  const controller = new AbortController();
  const running = run('sh', ['-c', 'echo up; sleep 300 & sleep 300'], {
    signal: controller.signal,
    onLine: () => controller.abort(),
  });
  await assert.rejects(running, { interrupted: true });
});

test('a taken port is passed over', async () => {
  const port = await pickPort();
  const server = createServer();
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  assert.equal(await isFree(port), false);
  const other = await pickPort(port);
  assert.notEqual(other, port);
  assert.ok(other < 32768);
  await new Promise((resolve) => server.close(resolve));
});

test('the supervisor starts a part again that dies, and stops all in reverse order', async () => {
  const changes = [];
  const supervisor = createSupervisor({
    reporter: quiet,
    onChange: (children) => changes.push(children.map(({ name }) => name).join()),
  });
  const part = (name) => ({
    name,
    log: '/dev/null',
    start: () => spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }),
    ready: async () => true,
  });
  await supervisor.add(part('first'));
  await supervisor.add(part('second'));
  const pidOf = (name) => supervisor.children().find((child) => child.name === name)?.pid;
  const before = pidOf('first');
  process.kill(before, 'SIGKILL');
  const options = { timeoutMs: 5_000, everyMs: 10, onTimeout: () => new Error('not started again') };
  await until(() => pidOf('first') !== undefined && pidOf('first') !== before, options);
  assert.equal(supervisor.restarts('first'), 1);
  changes.length = 0;
  await supervisor.stop();
  assert.deepEqual(
    changes.filter((names, index) => names !== changes[index - 1]),
    ['first', ''],
  );
  assert.deepEqual(supervisor.children(), []);
});

test('a part that keeps dying while it starts is given up with the end of its log', () =>
  inFolder(async (folder) => {
    const log = join(folder, 'part.log');
    writeFileSync(log, 'no such table\n');
    const supervisor = createSupervisor({ reporter: quiet });
    const start = () => spawn('false', [], { detached: true, stdio: 'ignore' });
    await assert.rejects(supervisor.add({ name: 'broken', log, start, ready: async () => false }), {
      message: /"broken".*ended with code 1[^]*no such table/,
    });
    await supervisor.stop();
  }));

test('waits between restarts double up to a limit', () => {
  assert.deepEqual([1, 2, 3, 20].map(backoffMs), [100, 200, 400, 15_000]);
});

test(
  'the sweep finds what left its group, by its mark or its folder',
  { skip: process.platform !== 'linux' && 'needs /proc' },
  () =>
    inFolder(async (folder) => {
      const marks = { folder, mark: `GK_TEST_RUN=${folder}` };
      spawn('sleep', ['300'], {
        detached: true,
        stdio: 'ignore',
        env: { ...process.env, GK_TEST_RUN: folder },
      }).unref();
      spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300_000)', join(folder, 'x')], {
        detached: true,
        stdio: 'ignore',
      }).unref();
      await until(() => markedProcesses(marks).length >= 2, {
        timeoutMs: 5_000,
        everyMs: 10,
        onTimeout: () => new Error('not found'),
      });
      assert.ok((await sweep(marks)) >= 2);
      assert.deepEqual(markedProcesses(marks), []);
    }),
);
