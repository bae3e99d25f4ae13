import { parentPort, workerData } from 'node:worker_threads';
import { CliError } from '../errors/cli-error';
import { Terminal } from '../io/terminal';
import { doFileJob, type FileThreadAnswer, type FileThreadInput, type FileThreadNews } from './file-job';

/** What engines say when a table, a text or a buffer would grow beyond what they can hold. */
const TOO_LARGE = /maximum size exceeded|Invalid string length|Invalid array length|allocation failed/i;

const TELL_EVERY_MS = 100;

/** Tells the other thread what is being done, no oftener than that. */
function newsEvery(ms: number): (doing: string) => void {
  let toldMs = -Infinity;
  return (doing) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < ms) return;
    toldMs = nowMs;
    parentPort?.postMessage({ kind: 'doing', doing } satisfies FileThreadNews);
  };
}

/** The other side of `inThread`: one job, whose words are kept until it is done. */
function answer({ job, cwd, begunMs }: FileThreadInput): FileThreadAnswer {
  let out = '';
  let err = '';
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text) };
  try {
    const code = doFileJob(new Terminal({ stdout, stderr, env: {}, cwd, begunMs }), job, newsEvery(TELL_EVERY_MS));
    return { kind: 'ended', code, out, err };
  } catch (error) {
    if (error instanceof CliError) return { kind: 'refused', message: error.message, details: error.details, err };
    if (error instanceof RangeError && TOO_LARGE.test(error.message)) return { kind: 'too_large' };
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'broken', name, message, stack };
  }
}

parentPort?.postMessage(answer(workerData as FileThreadInput));
