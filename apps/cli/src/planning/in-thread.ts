import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { CliError } from '../errors/cli-error';
import { EXIT, type ExitCode, PLAN_EXIT } from '../exit-codes';
import { interruptible } from '../io/interrupt';
import type { Terminal } from '../io/terminal';
import { removePart } from '../io/write-whole';
import { formatDuration } from '../text/format';
import { processorMs, sinceStartMs } from './clock';
import type * as FileJobModule from './file-job';
import type { FileJob, FileThreadAnswer, FileThreadInput, FileThreadNews } from './file-job';

const FILE = join(__dirname, 'file-thread.js');
const SHOW_EVERY_MS = 250;
/** Where nothing can be redrawn, a line of its own so often. */
const LINE_EVERY_MS = 5_000;
/** The search ends itself a little before its limit; what still runs so long after it is ended from outside. */
const GRACE_MS = 200;
const GRACE_SHARE = 0.05;
const MIB = 1024 * 1024;
/** Share of the machine's memory that the thread may take. */
const MEMORY_SHARE = 0.8;

/** What is known of a job that did not come to its end. */
type Cut = 'time' | 'memory' | 'interrupted';

/**
 * Plans, checks or learns from files in a thread of its own. This thread keeps the clock, so that the limit holds wherever the time goes:
 * in reading, searching, checking or writing.
 *
 * @returns as the command of the job; 3 when its time or its memory ended first; 130 when learning was ended by Ctrl-C
 * @throws {CliError} as the command of the job
 */
export async function inThread(terminal: Terminal, job: FileJob): Promise<ExitCode> {
  if (!existsSync(FILE)) return here().doFileJob(terminal, job); // not compiled: tests run the sources
  const shown = showTime(terminal, job);
  const input = { job, cwd: terminal.cwd, begunMs: terminal.begunMs };
  let answer: FileThreadAnswer | Cut;
  try {
    // What plans or checks leaves nothing behind: there the signal itself ends the process.
    const isLearning = job.kind === 'train';
    answer = isLearning
      ? await interruptible((signal) => ask(input, shown.doing, signal))
      : await ask(input, shown.doing);
  } finally {
    shown.stop();
  }
  if (answer === 'interrupted') return tellInterrupted(terminal, job);
  if (answer === 'time' || answer === 'memory') return tellCut(terminal, job, answer);
  return tell(terminal, job, answer);
}

/** The code itself, which the thread alone loads otherwise. */
const here = (): typeof FileJobModule => createRequire(__filename)('./file-job') as typeof FileJobModule;

async function ask(
  input: FileThreadInput,
  onDoing: (doing: string) => void,
  signal?: AbortSignal,
): Promise<FileThreadAnswer | Cut> {
  const limitMs = input.job.options.timeLimitSeconds * 1000;
  const graceMs = input.job.kind === 'train' ? limitMs : Math.min(GRACE_MS, limitMs * GRACE_SHARE);
  const leftMs = input.begunMs + limitMs + graceMs - sinceStartMs();
  const thread = new Worker(FILE, { workerData: input, resourceLimits: { maxOldGenerationSizeMb: memoryMb() } });
  const ended = new Promise<FileThreadAnswer | Cut>((resolve, reject) => {
    const timer = setTimeout(() => resolve('time'), Math.max(0, leftMs));
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      end();
    };
    signal?.addEventListener('abort', () => finish(() => resolve('interrupted')), { once: true });
    thread.on('message', (told: FileThreadAnswer | FileThreadNews) =>
      told.kind === 'doing' ? onDoing(told.doing) : finish(() => resolve(told)),
    );
    thread.once('error', (error: NodeJS.ErrnoException) =>
      finish(() => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve('memory') : reject(error))),
    );
    thread.once('exit', (code) => finish(() => reject(new Error(`The planning thread ended with ${code}`))));
  });
  try {
    return await ended;
  } finally {
    const gone = thread.terminate();
    if (signal) await gone; // it may be writing
  }
}

/** As much as this process could have taken itself, unless the machine has less. */
function memoryMb(): number {
  const machine = Math.min(process.constrainedMemory() || Infinity, totalmem());
  return Math.floor(Math.min(getHeapStatistics().heap_size_limit, MEMORY_SHARE * machine) / MIB);
}

const DOING = { plan: 'planning', check: 'checking', train: 'reading' } as const;

/** What is shown while the thread works. */
interface Shown {
  readonly doing: (what: string) => void;
  readonly stop: () => void;
}

/** A line on a terminal's stderr that counts the seconds; files and pipes see how far learning is, and nothing else. */
function showTime(terminal: Terminal, { kind, options }: FileJob): Shown {
  if (!terminal.redraws) return { doing: options.json ? () => undefined : lines(terminal), stop: () => undefined };
  let what: string = DOING[kind];
  let hasShown = false;
  const timer = setInterval(() => {
    hasShown = true;
    const seconds = ((sinceStartMs() - terminal.begunMs) / 1000).toFixed(1);
    terminal.screen.write(`\r\u001b[2K${what} · ${seconds} s of ${options.timeLimitSeconds} s`);
  }, SHOW_EVERY_MS);
  return {
    doing: (now) => (what = now),
    stop: () => {
      clearInterval(timer);
      if (hasShown) terminal.screen.write('\r\u001b[2K');
    },
  };
}

function lines(terminal: Terminal): (doing: string) => void {
  let toldMs = sinceStartMs();
  return (doing) => {
    const nowMs = sinceStartMs();
    if (nowMs - toldMs < LINE_EVERY_MS) return;
    toldMs = nowMs;
    terminal.err(`${doing} · ${formatDuration(nowMs - terminal.begunMs)}`);
  };
}

/** The first signal was heard: nothing of what was begun stays. */
function tellInterrupted(terminal: Terminal, job: FileJob): ExitCode {
  if (job.kind === 'train') removePart(resolve(terminal.cwd, job.options.out));
  terminal.err('interrupted; nothing was written');
  return EXIT.interrupted;
}

function tell(terminal: Terminal, job: FileJob, answer: FileThreadAnswer): ExitCode {
  if (answer.kind === 'too_large') return tellCut(terminal, job, 'memory');
  if (answer.kind === 'broken') {
    const error = new Error(answer.message);
    throw Object.assign(error, { name: answer.name, stack: answer.stack });
  }
  writeAll(answer.err, (line) => terminal.err(line));
  if (answer.kind === 'refused') throw new CliError(answer.message, answer.details);
  writeAll(answer.out, (line) => terminal.out(line));
  return answer.code;
}

/** Passes on what the thread wrote, which ends with a new line unless it is nothing. */
function writeAll(text: string, write: (text: string) => void): void {
  if (text !== '') write(text.replace(/\n$/, ''));
}

const NOTHING_CAME = {
  plan: 'no plan was found',
  check: 'the plan was not judged',
  train: 'nothing was learned',
} as const;

function tellCut(terminal: Terminal, { kind, options }: FileJob, cut: 'time' | 'memory'): ExitCode {
  const { timeLimitSeconds, json } = options;
  const timeMs = Math.round((sinceStartMs() - terminal.begunMs) * 10) / 10;
  const limit = cut === 'time' ? `within ${timeLimitSeconds} s` : `within ${memoryMb()} MiB: out of memory`;
  const reason = `${NOTHING_CAME[kind]} ${limit}`;
  if (json && kind === 'plan') {
    const effort = { expansions: null, timeMs, processorMs: processorMs() };
    terminal.json({ status: 'exhausted', ...effort, planLength: null, plan: null, reason });
  } else if (json && kind === 'train') {
    terminal.json({ status: 'exhausted', model: null, timeMs, reason });
  } else if (json) {
    terminal.json({ status: 'unknown', kind: null, planLength: null, cost: null, findings: [], timeMs, reason });
  } else {
    const fix =
      cut === 'time'
        ? 'give it more time with --time-limit SECONDS'
        : 'give it more: NODE_OPTIONS=--max-old-space-size=MIB';
    terminal.err(`${reason} · ${formatDuration(timeMs)}`);
    terminal.err(`  fix: ${fix}`);
  }
  return PLAN_EXIT.none;
}
