import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const install = resolve('dist/apps/worker/src/workflow-threads/install.js');
/** What the SDK's thread does all day: many short calls into the sandbox, each with a time limit. */
const THREAD = `
  const vm = require('node:vm'); const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (code) => {
    const context = vm.createContext({}); const script = new vm.Script(code.text);
    if (code.other) vm.runInContext(code.other, context);
    const before = process.cpuUsage();
    for (let i = 0; i < code.calls; i += 1) script.runInContext(context, { timeout: 5000 });
    parentPort.postMessage(process.cpuUsage(before));
  });`;

describe('lean workflow threads', () => {
  let dir: string;
  let thread: string;

  beforeAll(() => {
    if (!existsSync(install)) throw new Error('dist/ is missing: run `npm run build`');
    dir = mkdtempSync(join(tmpdir(), 'gk-lean-'));
    const folder = join(dir, 'node_modules/@temporalio/worker/lib/workflow');
    mkdirSync(folder, { recursive: true });
    thread = join(folder, 'workflow-worker-thread.js');
    writeFileSync(thread, THREAD);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** Runs one process that installs the threads and sends them one piece of code. */
  function run(options: { mode: string; text: string; calls: number; sdkVersion?: string; other?: string }): {
    status: number | null;
    out: Record<string, unknown>;
  } {
    const script = `
      const { installLeanThreads } = require(${JSON.stringify(install)});
      const lines = []; const note = (data, event) => lines.push({ event, ...data });
      const lean = installLeanThreads({ mode: ${JSON.stringify(options.mode)}, ${options.sdkVersion ? `sdkVersion: '${options.sdkVersion}',` : ''}
        log: { info: note, warn: note, fatal: note }, longestCallMs: 300,
        onStuck: (blockedMs) => { console.log(JSON.stringify({ stuck: blockedMs > 300 })); process.exit(70); } });
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(thread)});
      worker.on('message', (usage) => { console.log(JSON.stringify({ lean, lines, cpu: usage.user + usage.system })); process.exit(0); });
      worker.postMessage(${JSON.stringify({ text: options.text, calls: options.calls, other: options.other })});`;
    const child = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 60_000 });
    const last = child.stdout.trim().split('\n').at(-1) ?? '';
    if (!last.startsWith('{')) throw new Error(`no answer: ${child.stderr}`);
    return { status: child.status, out: JSON.parse(last) as Record<string, unknown> };
  }

  it('take the watchdog thread off every call: far less CPU for the same calls', () => {
    const work = { text: '1 + 1', calls: 4_000 };
    const stock = run({ mode: 'stock', ...work });
    const lean = run({ mode: 'lean', ...work });
    expect([stock.out.lean, lean.out.lean]).toEqual([false, true]);
    expect(Number(lean.out.cpu) / Number(stock.out.cpu)).toBeLessThan(0.5);
  });

  it('still end a process whose workflow code never returns', () => {
    const stuck = run({ mode: 'lean', text: 'for (;;);', calls: 1 });
    expect(stuck).toEqual({ status: 70, out: { stuck: true } });
  });

  it('step aside, and say so, for an SDK they were not written for', () => {
    const other = run({ mode: 'lean', text: '1', calls: 1, sdkVersion: '9.9.9' });
    expect(other.out.lean).toBe(false);
    expect(other.out.lines).toMatchObject([{ event: 'workflow_threads.stock_for_other_sdk', sdkVersion: '9.9.9' }]);
  });

  it('leave a switch between workflows alone that they do not know, and say so', () => {
    const other = run({
      mode: 'lean',
      text: '1',
      calls: 1_000_000,
      other: '{ const __TEMPORAL_CALL_INTO_SCOPE = () => 1; }',
    });
    expect(other.out.lines).toMatchObject([
      { event: 'workflow_threads.lean' },
      { event: 'workflow_threads.stock_switch', supported: '1.24.0' },
    ]);
  });
});
