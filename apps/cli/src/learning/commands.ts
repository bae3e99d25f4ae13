import { type CommonOptions, openSession } from '../config/session';
import type { ExitCode } from '../exit-codes';
import type { Terminal } from '../io/terminal';
import { eraseCommand, exportCommand, freezeCommand, importCommand, rollBackCommand, runCommand } from './change';
import { type LessonListOptions, lessonsCommand, showCommand, snapshotsCommand } from './lessons';
import { reportCommand } from './report';
import { searchCommand, type SearchOptions } from './search';

type Outcome = Promise<ExitCode>;

export async function learnReport(terminal: Terminal, flags: CommonOptions): Outcome {
  return reportCommand(openSession(terminal, flags));
}

export async function learnLessons(terminal: Terminal, flags: CommonOptions, options: LessonListOptions): Outcome {
  return lessonsCommand(openSession(terminal, flags), options);
}

export async function learnShow(terminal: Terminal, flags: CommonOptions, id: string): Outcome {
  return showCommand(openSession(terminal, flags), id);
}

export async function learnSnapshots(terminal: Terminal, flags: CommonOptions): Outcome {
  return snapshotsCommand(openSession(terminal, flags));
}

export async function learnFreeze(terminal: Terminal, flags: CommonOptions, kind: 'freeze' | 'thaw'): Outcome {
  return freezeCommand(openSession(terminal, flags), kind);
}

export async function learnRun(terminal: Terminal, flags: CommonOptions): Outcome {
  return runCommand(openSession(terminal, flags));
}

export async function learnRollBack(terminal: Terminal, flags: CommonOptions, id: string): Outcome {
  return rollBackCommand(openSession(terminal, flags), id);
}

export async function learnErase(
  terminal: Terminal,
  flags: CommonOptions,
  { goal, whole = false }: { readonly goal: string; readonly whole?: boolean },
): Outcome {
  return eraseCommand(openSession(terminal, flags), goal, whole);
}

export async function learnExport(terminal: Terminal, flags: CommonOptions, file: string): Outcome {
  return exportCommand(openSession(terminal, flags), file);
}

export async function learnImport(terminal: Terminal, flags: CommonOptions, file: string): Outcome {
  return importCommand(openSession(terminal, flags), file);
}

export async function memorySearch(terminal: Terminal, flags: CommonOptions, options: SearchOptions): Outcome {
  return searchCommand(openSession(terminal, flags), options);
}
