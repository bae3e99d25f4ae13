import { type Command, InvalidArgumentError, Option } from 'commander';
import type { JsonObject } from '@goalkeeper/domain';
import { usageError } from './errors/cli-error';
import { inThread } from './planning/in-thread';
import { type Options, type ProgramParts, withCommon } from './program-parts';
import { jsonObject } from './program-values';

const PLAN_HELP = `
Examples:
  goalkeeper plan "analyse sample:movies.json and report"
  goalkeeper plan --task data.report --args '{"source": "sample:movies.json"}'
  goalkeeper plan --domain transport.hddl --problem p01.hddl
  goalkeeper plan --domain ferry.pddl --problem p07.pddl --time-limit 60 --output p07.plan
  goalkeeper plan --domain transport.hddl --problem p01.hddl --json
  goalkeeper plan --domain ferry.pddl --problem p07.pddl --guidance ferry.model.json
  goalkeeper plan check --domain transport.hddl --problem p01.hddl --plan p01.plan

HDDL problems give the plan format of the 2020 hierarchical planning competition (==> … root … <==), PDDL problems one
action a line. Every plan is validated before it is given out. No server is needed for files. A goal in words, or a
task, is planned by a worker: its plan, other ways, expected time and cost are shown, and nothing is started.

Exit codes: 0 a valid plan · 2 a file that cannot be understood, with file, line and column · 3 none within the time
limit or the memory · 4 proved that there is none · 70 the planner's own plan is not valid, which is a defect`;

const CHECK_HELP = `
Examples:
  goalkeeper plan check --domain transport.hddl --problem p01.hddl --plan p01.plan
  other-planner … > out.txt; goalkeeper plan check --domain d.hddl --problem p.hddl --plan out.txt --json

Takes plans of any planner in the format of the 2020 hierarchical planning competition, also with other text around
==> and <==, and classical plans with one (action …) a line.

Exit codes: 0 valid · 1 not valid, each mistake on stdout as FILE:LINE: WHY · 2 a file that cannot be understood ·
3 not judged within the time limit or the memory`;

interface PlanFlags {
  readonly domain?: string;
  readonly problem?: string;
  readonly timeLimit: number;
  readonly output?: string;
  readonly task?: string;
  readonly args?: JsonObject;
  readonly guidance?: string;
}
interface CheckFlags {
  readonly domain: string;
  readonly problem: string;
  readonly plan: string;
  readonly timeLimit: number;
  readonly json?: boolean;
}

/** `plan` and `plan check`; files need no server. */
export function addPlanCommands(program: Command, { terminal, commands, end }: ProgramParts): void {
  const plan = program
    .command('plan')
    .argument('[words...]', 'a goal in words: show its plan, start nothing')
    .description('show the plan of a goal; plan an HDDL or PDDL problem; check a plan')
    .option('--task <name>', 'a task of a domain pack, instead of words')
    .option('--args <json>', 'its arguments, a JSON object', jsonObject)
    .helpCommand(false)
    .option('--domain <file>', 'the domain, HDDL or PDDL')
    .option('--problem <file>', 'the problem')
    .option('--time-limit <seconds>', 'give up after it', seconds, 10)
    .option('--output <file>', 'write the plan there instead of stdout')
    .option('--guidance <file>', 'order the search by a model of goalkeeper learn train')
    .addHelpText('after', PLAN_HELP)
    .action(async (words: string[], flags: Options<PlanFlags>) => {
      const { domain, problem, timeLimit, output, guidance, json, task, args } = flags;
      if (words.length > 0 || task !== undefined) {
        if (domain !== undefined || problem !== undefined)
          throw usageError('Plan either a goal or files', 'goalkeeper plan --domain d.hddl --problem p.hddl');
        const asked = { words, ...(task === undefined ? {} : { task }), ...(args ? { args } : {}) };
        end(await commands().preview(terminal, flags, asked));
        return;
      }
      if (domain === undefined) throw missing('--domain');
      if (problem === undefined) throw missing('--problem');
      const rest = {
        timeLimitSeconds: timeLimit,
        output: output ?? null,
        guidance: guidance ?? null,
        json: json === true,
      };
      end(await inThread(terminal, { kind: 'plan', options: { domain, problem, ...rest } }));
    });
  const check = plan
    .command('check')
    .description('check a plan that anybody made')
    .requiredOption('--domain <file>', 'the domain, HDDL or PDDL')
    .requiredOption('--problem <file>', 'the problem')
    .requiredOption('--plan <file>', 'the plan')
    .option('--time-limit <seconds>', 'give up after it', seconds, 60)
    .addHelpText('after', CHECK_HELP)
    .action(async ({ timeLimit, json, domain, problem, plan: file }: CheckFlags) => {
      const options = { domain, problem, plan: file, timeLimitSeconds: timeLimit, json: json === true };
      end(await inThread(terminal, { kind: 'check', options }));
    });
  withCommon(plan);
  withOutput(check);
}

function withOutput(command: Command): void {
  command
    .option('--json', 'one JSON object on stdout and nothing else there')
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'));
}

function missing(option: string): Error {
  return usageError(`goalkeeper plan needs ${option} FILE`, 'goalkeeper plan --domain d.hddl --problem p.hddl');
}

/** @throws {InvalidArgumentError} unless the text is a number above 0 and at most a day */
export function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('must be a number of seconds above 0 and at most 86400');
}
