import { readFileSync } from 'node:fs';
import type { GoalState } from '@goalkeeper/domain';
import { type CommonOptions, openSession, type Session } from './config/session';
import type { ExitCode } from './exit-codes';
import { resolve } from 'node:path';
import { answerCommand, type AnswerOptions } from './goals/answer';
import { artifactsCommand } from './goals/artifacts';
import { eventsCommand } from './goals/events';
import { explainCommand } from './goals/explain';
import { getCommand } from './goals/get';
import { listCommand } from './goals/list';
import { questionsCommand } from './goals/questions';
import { runCommand, type RunOptions } from './goals/run';
import { steerCommand, type SteerKind } from './goals/steer';
import { treeCommand } from './goals/tree';
import { watchCommand, type WatchChoice } from './goals/watch';
import { workflowCommand } from './goals/workflow';
import type { Terminal } from './io/terminal';
import { calibrationCommand, type CalibrationOptions } from './learning/calibration';
import { tasksCommand } from './packs/tasks';
import type { TrainOptions } from './learning/train';
import { inThread } from './planning/in-thread';
import { previewCommand, type PreviewOptions } from './planning/preview';
import { versionCommand } from './version';

export * from './learning/commands';
export { describeErrors } from './errors/catalogue';

type Flags = CommonOptions;
type Outcome = Promise<ExitCode>;

/** `-` stands for what comes on stdin. */
function wordsOf(words: readonly string[]): readonly string[] {
  return words.length === 1 && words[0] === '-' ? [readFileSync(0, 'utf8').trim()] : words;
}

function inFolder(terminal: Terminal, choice: WatchChoice): WatchChoice {
  return { ...choice, outDir: choice.outDir === null ? null : resolve(terminal.cwd, choice.outDir) };
}

export async function run(terminal: Terminal, flags: Flags, options: RunOptions): Outcome {
  const follow = options.follow && inFolder(terminal, options.follow);
  return runCommand(openSession(terminal, flags), { ...options, words: wordsOf(options.words), follow });
}

export async function watch(terminal: Terminal, flags: Flags, choice: WatchChoice & { id: string }): Outcome {
  return watchCommand(openSession(terminal, flags), choice.id, inFolder(terminal, choice));
}

export async function get(terminal: Terminal, flags: Flags, id: string): Outcome {
  return getCommand(openSession(terminal, flags), id);
}

export async function tasks(terminal: Terminal, flags: Flags): Outcome {
  return tasksCommand(openSession(terminal, flags));
}

export interface ListFlags {
  readonly state?: GoalState;
  readonly limit: number;
  readonly cursor?: string;
  readonly all?: boolean;
}

export async function list(terminal: Terminal, flags: Flags, options: ListFlags): Outcome {
  return listCommand(openSession(terminal, flags), options);
}

export async function events(terminal: Terminal, flags: Flags, options: { id: string; after: number }): Outcome {
  return eventsCommand(openSession(terminal, flags), options.id, options.after);
}

export async function artifacts(
  terminal: Terminal,
  flags: Flags,
  options: { id: string; dir: string | null },
): Outcome {
  const dir = options.dir === null ? null : resolve(terminal.cwd, options.dir);
  return artifactsCommand(openSession(terminal, flags), options.id, dir);
}

export async function explain(terminal: Terminal, flags: Flags, options: { id: string; step: string | null }): Outcome {
  return explainCommand(openSession(terminal, flags), options.id, options.step);
}

export async function calibration(terminal: Terminal, flags: Flags, options: CalibrationOptions): Outcome {
  return calibrationCommand(openSession(terminal, flags), options);
}

export async function workflow(terminal: Terminal, flags: Flags, id: string): Outcome {
  return workflowCommand(openSession(terminal, flags), id);
}

export async function steer(
  terminal: Terminal,
  flags: Flags,
  command: { id: string; kind: SteerKind; reason: string },
): Outcome {
  return steerCommand(openSession(terminal, flags), command);
}

export async function answer(terminal: Terminal, flags: Flags, options: AnswerOptions): Outcome {
  return answerCommand(openSession(terminal, flags), options);
}

export async function tree(terminal: Terminal, flags: Flags, id: string): Outcome {
  return treeCommand(openSession(terminal, flags), id);
}

export async function questions(terminal: Terminal, flags: Flags, id: string | null): Outcome {
  return questionsCommand(openSession(terminal, flags), id);
}

export async function train(terminal: Terminal, options: TrainOptions): Outcome {
  return inThread(terminal, { kind: 'train', options });
}

export async function preview(terminal: Terminal, flags: Flags, options: PreviewOptions): Outcome {
  return previewCommand(openSession(terminal, flags), options);
}

export async function version(terminal: Terminal, flags: Flags): Outcome {
  const open = (): Session => openSession(terminal, flags);
  return versionCommand(terminal, flags.json === true, open);
}
