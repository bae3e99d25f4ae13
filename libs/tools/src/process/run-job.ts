import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../definition';
import type { JobReply, JobRequest } from './job-protocol';

export interface JobCall {
  /** The child's main file without its extension; `.js` when built, `.ts` when run from the sources. */
  readonly entry: string;
  readonly job: string;
  readonly input: JsonObject;
  readonly signal: AbortSignal;
  readonly heartbeat: (progress?: Json) => void;
}

const HEARTBEAT_MS = 1000;
const HEAP_MB = 512;
const STDERR_KEPT = 2000;

/**
 * Runs one job in a child process of its own, so that neither its memory nor a crash of native code reaches ours.
 * Heartbeats every second while it lives; kills it when the signal aborts.
 *
 * @returns what the job's handler returned
 * @throws {ToolFailure} what the job threw as such; `tool.crashed` (transient) when it died without an answer
 * @throws the signal's reason when it aborted; `Error` for a defect in the job
 */
export async function runJob(call: JobCall): Promise<JsonObject> {
  call.signal.throwIfAborted();
  const child = start(call.entry);
  const kill = (): void => void child.kill('SIGKILL');
  const beat = setInterval(() => call.heartbeat(), HEARTBEAT_MS);
  call.signal.addEventListener('abort', kill, { once: true });
  try {
    const reply = await converse(child, call);
    if (reply.kind === 'done') return reply.value;
    if (reply.kind === 'failure') {
      const { code, message, transient, details, blame } = reply;
      throw new ToolFailure(code, message, { transient, details, ...(blame ? { blame } : {}) });
    }
    throw new Error(reply.message);
  } finally {
    clearInterval(beat);
    call.signal.removeEventListener('abort', kill);
    kill();
  }
}

function start(entry: string): ChildProcess {
  const built = `${entry}.js`;
  const isBuilt = existsSync(built);
  const loader = isBuilt ? [] : ['--import', join(__dirname, 'ts-loader.mjs')];
  return fork(isBuilt ? built : `${entry}.ts`, [], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`, ...loader],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, TZ: 'UTC', LANG: 'C.UTF-8' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
}

type FinalReply = Exclude<JobReply, { kind: 'progress' }>;

function converse(child: ChildProcess, call: JobCall): Promise<FinalReply> {
  return new Promise<FinalReply>((resolve, reject) => {
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_KEPT)));
    child.on('message', (message: JobReply) => {
      if (message.kind === 'progress') call.heartbeat(message.progress);
      else resolve(message);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (call.signal.aborted) return reject(asError(call.signal.reason));
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      reject(
        new ToolFailure('tool.crashed', `The process of ${call.job} ${how}. ${stderr}`.trim(), { transient: true }),
      );
    });
    const request: JobRequest = { job: call.job, input: call.input };
    child.send(request, (error) => error && reject(error));
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
