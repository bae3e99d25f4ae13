import { type Command, Option } from 'commander';
import { LESSON_KINDS, LESSON_STATUSES } from '@goalkeeper/domain';
import { type Options, type ProgramParts, withCommon } from './program-parts';
import { positive } from './program-values';

interface ListFlags {
  readonly kind?: string;
  readonly status?: string;
  readonly limit: number;
  readonly cursor?: string;
}
interface SearchFlags {
  readonly task?: string;
  readonly outcome?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** `learn …` and `memory search`: what goals taught, and what memory keeps of them. */
export function addLearnCommands(program: Command, parts: ProgramParts): void {
  const learn = program
    .command('learn')
    .description('what goals taught: report, lessons, snapshots')
    .helpCommand(false);
  addReading(learn, parts);
  addChanges(learn, parts);
  addFiles(learn, parts);
  addMemory(program, parts);
}

function addReading(learn: Command, { terminal, commands, end }: ProgramParts): void {
  withCommon(learn.command('report').description('what learning changed, against goals that run without it')).action(
    async (flags: Options) => end(await commands().learnReport(terminal, flags)),
  );
  withCommon(learn.command('lessons').description('lessons, the newest first'))
    .addOption(new Option('--kind <kind>', 'only those of this kind').choices(LESSON_KINDS))
    .addOption(new Option('--status <status>', 'only those that stand so').choices(LESSON_STATUSES))
    .option('--limit <n>', 'a page of so many', positive, 20)
    .option('--cursor <cursor>', 'the page after another one')
    .action(async (flags: Options<ListFlags>) => end(await commands().learnLessons(terminal, flags, flags)));
  withCommon(learn.command('show').argument('<id>').description('a lesson: where it comes from, how it fared')).action(
    async (id: string, flags: Options) => end(await commands().learnShow(terminal, flags, id)),
  );
  withCommon(learn.command('snapshots').description('sets of lessons that goals pinned, the newest first')).action(
    async (flags: Options) => end(await commands().learnSnapshots(terminal, flags)),
  );
}

function addChanges(learn: Command, { terminal, commands, end }: ProgramParts): void {
  const simple = {
    freeze: 'keep what is active as it is; learn nothing new',
    thaw: 'learn again after a freeze',
  } as const;
  for (const kind of ['freeze', 'thaw'] as const) {
    withCommon(learn.command(kind).description(simple[kind])).action(async (flags: Options) =>
      end(await commands().learnFreeze(terminal, flags, kind)),
    );
  }
  withCommon(learn.command('run').description('judge now what goals taught')).action(async (flags: Options) =>
    end(await commands().learnRun(terminal, flags)),
  );
  withCommon(learn.command('rollback').argument('<snapshot>').description('go back to what a snapshot held')).action(
    async (id: string, flags: Options) => end(await commands().learnRollBack(terminal, flags, id)),
  );
  withCommon(learn.command('erase').description('take all that one goal taught out of memory; leaves a receipt'))
    .requiredOption('--goal <id>', 'the goal; those that it raised go with it')
    .option('--whole', 'its own record too: words, plans, calls, findings, events')
    .action(async (flags: Options<{ goal: string; whole?: boolean }>) =>
      end(await commands().learnErase(terminal, flags, flags)),
    );
}

function addFiles(learn: Command, { terminal, commands, end }: ProgramParts): void {
  withCommon(
    learn.command('export').argument('<file>', '- writes to stdout').description('lessons to take elsewhere'),
  ).action(async (file: string, flags: Options) => end(await commands().learnExport(terminal, flags, file)));
  withCommon(learn.command('import').argument('<file>').description('take lessons over, as candidates')).action(
    async (file: string, flags: Options) => end(await commands().learnImport(terminal, flags, file)),
  );
}

function addMemory(program: Command, { terminal, commands, end }: ProgramParts): void {
  const memory = program.command('memory').description('what memory keeps of finished goals').helpCommand(false);
  withCommon(memory.command('search').argument('[words...]').description('finished goals, and why each matched'))
    .option('--task <name>', 'only goals of this task')
    .addOption(new Option('--outcome <outcome>', 'only goals that ended so').choices(['verified', 'failed']))
    .option('--limit <n>', 'a page of so many', positive, 20)
    .option('--cursor <cursor>', 'the page after another one')
    .action(async (words: string[], flags: Options<SearchFlags>) =>
      end(await commands().memorySearch(terminal, flags, { ...flags, words })),
    );
}
