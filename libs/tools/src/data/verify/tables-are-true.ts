import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence, JsonObject, SuccessPredicate } from '@goalkeeper/domain';
import { z } from 'zod';
import { ToolFailure, type Verifier, type VerifierContext } from '../../definition';
import { runJob } from '../../process/run-job';

const Ref = z.object({ sha256: z.string(), name: z.string(), mediaType: z.string(), sizeBytes: z.int() });
const JOBS = {
  clean: z.object({ cleaned: Ref, json: Ref }),
  compare: z.object({ differences: Ref, json: Ref }),
  join: z.object({ joined: Ref, json: Ref }),
} as const;
const Told = z.object({
  job: z.enum(['clean', 'compare', 'join']),
  left: z.object({ source: z.object({ given: z.string() }) }),
  right: z.object({ source: z.object({ given: z.string() }) }).nullable(),
  result: z.string(),
});

/** Verifiers of tables that were made from tables: each reads the sources anew, with code and queries of its own. */
export const tablesAreTrue: readonly Verifier[] = [
  { name: 'data.clean_is_true', verify: (predicate, context) => verify('clean', predicate, context) },
  { name: 'data.comparison_is_true', verify: (predicate, context) => verify('compare', predicate, context) },
  { name: 'data.join_is_true', verify: (predicate, context) => verify('join', predicate, context) },
];

async function verify(
  job: keyof typeof JOBS,
  { args }: SuccessPredicate,
  context: VerifierContext,
): Promise<readonly Evidence[]> {
  const outputs = Object.values(context.outputs).map((output) => JOBS[job].safeParse(output));
  const output = outputs.findLast(({ success }) => success)?.data;
  if (!output) return [{ check: 'a table was written', holds: false, seen: 'no step gave one' }];
  const evidence: Evidence[] = [];
  const refs = Object.values(output as Record<string, z.output<typeof Ref>>);
  for (const { name, sha256 } of refs) {
    const bytes = await readFile(await context.artifacts.path(sha256)).catch(() => null);
    const isWhole = bytes !== null && createHash('sha256').update(bytes).digest('hex') === sha256;
    const isListed = context.produced.some((ref) => ref.sha256 === sha256);
    const seen = isWhole ? (isListed ? 'it is' : 'it is not listed') : 'it is missing or changed';
    evidence.push({ check: `${name} is whole and listed for the client`, holds: isWhole && isListed, seen });
  }
  if (evidence.some(({ holds }) => !holds)) return evidence;
  const path = await context.artifacts.path(output.json.sha256);
  const told = Told.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!told.success) return [...evidence, { check: 'what was told can be read', holds: false, seen: 'another shape' }];
  const result = refs.find(({ sha256 }) => sha256 !== output.json.sha256)?.sha256 ?? '';
  evidence.push({
    check: 'what was told is told of this table',
    holds: told.data.result === result && told.data.job === job,
    seen: job,
  });
  return [...evidence, ...(await lookAgain(told.data, { args, json: path, result }, context))];
}

async function lookAgain(
  told: z.output<typeof Told>,
  { args, json, result }: { readonly args: JsonObject; readonly json: string; readonly result: string },
  context: VerifierContext,
): Promise<readonly Evidence[]> {
  const [left, right] = [args.source ?? args.left, args.right];
  const given = [told.left.source.given, told.right?.source.given];
  const holds = (left === undefined || left === given[0]) && (right === undefined || right === given[1]);
  const about: Evidence = {
    check: 'it is about the sources of the goal',
    holds,
    seen: given.filter(Boolean).join(', '),
  };
  try {
    const input: JsonObject = {
      json,
      asked: args.key ?? args.on ?? null,
      result: await context.artifacts.path(result),
      left: (await context.sources.resolve(given[0] ?? '')).path,
      right: given[1] === undefined ? null : (await context.sources.resolve(given[1])).path,
      scratch: await context.artifacts.scratch(),
    };
    const { signal, heartbeat } = context;
    const done = await runJob({ entry: join(__dirname, 'main'), job: 'tables', input, signal, heartbeat });
    return [about, ...(done.evidence as unknown as Evidence[])];
  } catch (error) {
    if (!(error instanceof ToolFailure) || error.options.transient) throw error;
    return [
      about,
      { check: 'the sources can be read again', holds: false, seen: `${error.code}: ${error.message}`.slice(0, 300) },
    ];
  }
}
