import { type Command, Option } from 'commander';
import type { GoalState, JsonObject } from '@goalkeeper/domain';
import { DEPENDENCY_POLICIES, GOAL_STATES, PRIORITY_CLASSES } from '@goalkeeper/domain';
import { usageError } from './errors/cli-error';
import type { RunRequest } from './goals/request';
import { type Options, type ProgramParts, withCommon } from './program-parts';
import { count, ids, jsonObject, positive, spanMs } from './program-values';

/** Every command about goals. */
export function addGoalCommands(program: Command, parts: ProgramParts): void {
  addRun(program, parts);
  addWatch(program, parts);
  addReading(program, parts);
  addSteering(program, parts);
  addQuestions(program, parts);
}

interface FollowFlags {
  readonly timeout?: number;
  readonly out?: string;
}
interface RunFlags extends Omit<RunRequest, 'words'>, FollowFlags {
  readonly args?: JsonObject;
  readonly idempotencyKey?: string;
  readonly watch?: boolean;
  readonly wait?: boolean;
  readonly detach?: boolean;
}

function addRun(program: Command, { terminal, commands, end }: ProgramParts): void {
  const run = program
    .command('run')
    .argument('[words...]', 'the goal in words; - reads them from stdin')
    .description('hand in a goal and follow it to its end')
    .option('--task <name>', 'a task of a domain pack, instead of words')
    .option('--args <json>', 'its arguments, a JSON object', jsonObject)
    .option('--file <path>', 'upload this file and use it as the source')
    .addOption(new Option('--watch', 'show the plan as it changes (the default)').conflicts(['wait', 'detach']))
    .addOption(new Option('--wait', 'show only how it ends').conflicts(['watch', 'detach']))
    .addOption(new Option('--detach', 'print the id and leave').conflicts(['watch', 'wait', 'timeout', 'out']))
    .addOption(new Option('--priority <class>').choices(PRIORITY_CLASSES))
    .option('--deadline <when>', 'give it up then: a moment, or a span such as 30m')
    .option('--max-steps <n>', 'tool calls at most', positive)
    .option('--parallelism <n>', 'steps that may run at once', positive)
    .option('--depends-on <ids>', 'goals that must succeed before; repeatable, commas', ids)
    .addOption(new Option('--dependency-policy <policy>', 'when one of them fails').choices(DEPENDENCY_POLICIES))
    .option('--no-ask', 'ask nobody: what is unclear fails at once')
    .option('--answer-within <span>', 'how long people have to answer a question (1d)', spanMs)
    .option('--idempotency-key <key>', 'repeat a request whose answer was lost')
    .action(async (words: string[], flags: Options<RunFlags>) => {
      const { watch: _watch, wait, detach, timeout, out, ...request } = flags;
      const follow = detach ? null : { live: !wait, timeoutMs: timeout ?? null, outDir: out ?? null };
      end(await commands().run(terminal, flags, { ...request, words, follow }));
    });
  withCommon(withFollow(run));
}

function withFollow(command: Command): Command {
  return command
    .option('--timeout <span>', 'stop following after it, exit code 9; the goal goes on', spanMs)
    .option('--out <dir>', 'where the report goes (else .goalkeeper/reports/ID)');
}

function addWatch(program: Command, { terminal, commands, end }: ProgramParts): void {
  const watch = program
    .command('watch')
    .argument('<id>')
    .description('show a goal and its plan as they change, to the end')
    .action(async (id: string, flags: Options<FollowFlags>) => {
      const choice = { live: true, timeoutMs: flags.timeout ?? null, outDir: flags.out ?? null };
      end(await commands().watch(terminal, flags, { id, ...choice }));
    });
  withCommon(withFollow(watch));
}

function addReading(program: Command, { terminal, commands, end }: ProgramParts): void {
  const reading = (name: string, description: string): Command =>
    withCommon(program.command(name).argument('<id>').description(description));
  reading('get', 'a goal as it stands: state, steps, evidence').action(async (id: string, flags: Options) => {
    end(await commands().get(terminal, flags, id));
  });
  reading('tree', 'a goal with its steps and the goals that they raised').action(async (id: string, flags: Options) => {
    end(await commands().tree(terminal, flags, id));
  });
  withCommon(program.command('ls').description('goals, the newest first'))
    .addOption(new Option('--state <state>', 'only those in this state').choices(GOAL_STATES))
    .option('--limit <n>', 'a page of so many', positive, 20)
    .option('--cursor <cursor>', 'the page after another one')
    .option('--all', 'all pages')
    .action(async (flags: Options<{ state?: GoalState; limit: number; cursor?: string; all?: boolean }>) => {
      end(await commands().list(terminal, flags, flags));
    });
  withCommon(program.command('tasks').description('what can be asked for, and what not for lack of tools')).action(
    async (flags: Options) => end(await commands().tasks(terminal, flags)),
  );
  reading('events', 'what happened to a goal, in order')
    .option('--after <seq>', 'only events with a higher number', count, 0)
    .action(async (id: string, flags: Options<{ after: number }>) => {
      end(await commands().events(terminal, flags, { id, after: flags.after }));
    });
  reading('artifacts', 'files of a goal')
    .option('--download <dir>', 'save them there')
    .action(async (id: string, flags: Options<{ download?: string }>) => {
      end(await commands().artifacts(terminal, flags, { id, dir: flags.download ?? null }));
    });
  reading('explain', 'why each tool was chosen and what it beat')
    .argument('[step]', 'label or id of one step')
    .action(async (id: string, step: string | undefined, flags: Options) => {
      end(await commands().explain(terminal, flags, { id, step: step ?? null }));
    });
  reading('workflow', "what the goal's workflow says of itself").action(async (id: string, flags: Options) => {
    end(await commands().workflow(terminal, flags, id));
  });
}

function addQuestions(program: Command, { terminal, commands, end }: ProgramParts): void {
  withCommon(
    program.command('questions').argument('[id]').description('what goals ask people, or what one goal asked'),
  ).action(async (id: string | undefined, flags: Options) => {
    end(await commands().questions(terminal, flags, id ?? null));
  });
  withCommon(program.command('answer').argument('<id>').argument('[answer...]', 'a choice, its number, or a text'))
    .description('answer what a goal asks; without an answer, show it')
    .option('--question <id>', 'which one, where the goal asks several')
    .option('--reason <text>', 'why; kept in the events and the audit log', '')
    .action(async (id: string, words: string[], flags: Options<{ question?: string; reason: string }>) => {
      const { question, reason } = flags;
      end(await commands().answer(terminal, flags, { id, words, reason, ...(question ? { question } : {}) }));
    });
}

const STEERING = {
  cancel: 'end a goal; what was done stays done',
  pause: 'let running steps finish and begin no others',
  resume: 'go on after a pause',
} as const;

function addSteering(program: Command, { terminal, commands, end }: ProgramParts): void {
  for (const kind of ['cancel', 'pause', 'resume'] as const) {
    withCommon(program.command(kind).argument('<id>').description(STEERING[kind]))
      .option('--reason <text>', 'why; kept in the events and the audit log', '')
      .action(async (id: string, flags: Options<{ reason: string }>) => {
        if (flags.reason.length > 500) throw usageError('--reason is longer than 500 characters', 'say it shorter');
        end(await commands().steer(terminal, flags, { id, kind, reason: flags.reason }));
      });
  }
}
