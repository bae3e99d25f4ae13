import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type GuidanceModel, plural, trainGuidance, writeGuidanceModel } from '@goalkeeper/domain';
import { CliError } from '../errors/cli-error';
import { EXIT, type ExitCode } from '../exit-codes';
import type { Terminal } from '../io/terminal';
import { writeWhole } from '../io/write-whole';
import { startClock } from '../planning/clock';
import { readDomain, readProblem } from '../planning/read-input';
import { spareInputs } from '../planning/spare-inputs';
import { formatDuration } from '../text/format';
import { oneLine } from '../text/sanitize';

export interface TrainOptions {
  readonly domain: string;
  /** A folder with problems; folders in it are searched too. */
  readonly problems: string;
  readonly out: string;
  /** Seed of a placebo; null: in earnest. */
  readonly placebo: number | null;
  readonly timeLimitSeconds: number;
  readonly json: boolean;
}

/** Problems are learned from all at once; more than this many would not fit. */
const MAX_PROBLEMS = 2_000;
/** Share of the time for learning; the rest is for judging what was learned. */
const LEARNING_SHARE = 0.5;

/**
 * `goalkeeper learn train`: learns the order of search for a classical domain from a folder of problems.
 *
 * @param tell told now and then what is being done
 * @returns 0 with a model written, also when its gate is closed
 * @throws {CliError} 2: files that cannot be understood, too few problems, or nowhere to write
 */
export function trainCommand(
  terminal: Terminal,
  options: TrainOptions,
  tell: (doing: string) => void = () => undefined,
): ExitCode {
  const out = writableFile(terminal.cwd, options.out);
  const names = problemFiles(terminal.cwd, options);
  spareInputs(terminal.cwd, { output: options.out, flag: '--out', inputs: [options.domain, ...names] });
  const domain = readDomain(terminal.cwd, options.domain);
  const problems = names.map((name) => readProblem(terminal.cwd, name, domain));
  let doing = 'training';
  const clock = startClock(terminal, options.timeLimitSeconds, () => doing);
  const lateMs = LEARNING_SHARE * 1000 * options.timeLimitSeconds;
  let model: GuidanceModel;
  try {
    model = trainGuidance({
      domain,
      problems,
      placeboSeed: options.placebo,
      isOver: clock.isOver,
      isLate: () => clock.isOver() || clock.elapsedMs() > lateMs,
      onProgress: (stage, done, of, expansions) => {
        const effort = expansions === undefined ? '' : `, ${plural(expansions, 'expansion')}`;
        doing = `${stage}: ${stage === 'judging' ? 'trial' : 'problem'} ${done} of ${of}${effort}`;
        tell(doing);
      },
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw unusable(`${options.problems}: ${error.message}`, 'name other problems with --problems');
    throw error;
  } finally {
    clock.stop();
  }
  const text = writeGuidanceModel(model);
  writeModel(out, options.out, text);
  tellTrained(terminal, options, { model, bytes: text.length, timeMs: clock.elapsedMs() });
  return EXIT.ok;
}

interface Trained {
  readonly model: GuidanceModel;
  readonly bytes: number;
  readonly timeMs: number;
}

function tellTrained(terminal: Terminal, options: TrainOptions, { model, bytes, timeMs }: Trained): void {
  const { trained, gate, policy } = model;
  const weights = Object.keys(model.weights).length;
  if (options.json) {
    const about = { domain: model.domain, trained, gate, policy, weights, bytes, timeMs };
    terminal.json({ status: 'trained', model: options.out, ...about });
    return;
  }
  const from = `${plural(trained.plans, 'plan')} of ${plural(trained.problems, 'problem')}`;
  terminal.err(
    `${plural(weights, 'weight')} from ${from}, written to ${oneLine(options.out)} · ${formatDuration(timeMs)}`,
  );
  terminal.err(`guidance is ${oneLine(gate.why)}`);
}

/** The problem files of a folder, in the natural order of their paths. */
function problemFiles(cwd: string, options: TrainOptions): string[] {
  const root = resolve(cwd, options.problems);
  const domainPath = resolve(cwd, options.domain);
  let names: string[];
  try {
    names = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(pddl|hddl)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => path !== domainPath && !/^domain\./i.test(path.slice(dirname(path).length + 1)))
      .map((path) => relative(cwd, path));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw unusable(
      `The folder ${options.problems} cannot be read: ${why}`,
      'name a folder of problems with --problems',
    );
  }
  if (names.length === 0) {
    throw unusable(`There is no problem in ${options.problems}`, 'put problems there as files that end in .pddl');
  }
  if (names.length > MAX_PROBLEMS) {
    throw unusable(
      `${options.problems} holds ${plural(names.length, 'problem')}; ${MAX_PROBLEMS} are allowed`,
      'take some of them',
    );
  }
  const order = new Intl.Collator('en', { numeric: true });
  return names.toSorted(order.compare);
}

/** @throws {CliError} when no file can be written there, before any time is spent */
function writableFile(cwd: string, out: string): string {
  const path = resolve(cwd, out);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw notWritten(out, 'it is a directory');
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw notWritten(out, error instanceof Error ? error.message : String(error));
  }
  return path;
}

function writeModel(path: string, out: string, text: string): void {
  try {
    writeWhole(path, text);
  } catch (error) {
    throw notWritten(out, error instanceof Error ? error.message : String(error));
  }
}

const notWritten = (out: string, why: string): CliError =>
  unusable(`${out} cannot be written: ${why}`, 'name another file with --out');

function unusable(message: string, fix: string): CliError {
  return new CliError(message, { code: 'file.unreadable', exitCode: EXIT.usage, fix: [fix] });
}
