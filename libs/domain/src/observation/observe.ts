import { canonicalJson, type Json, type JsonObject } from '../json';
import type { ResultCheck } from '../planning/pack';
import type { Fact, PlanStep } from '../planning/plan';
import { factKey } from '../planning/state';
import { isObject } from '../planning/terms';
import type { ToolDescriptor } from '../tools/effect';
import { blameOf } from './blame';
import { signatureOf } from './error-template';
import { measuresOf } from './measures';
import type { ErrorClass, Evidence, Observation, Outcome, ToolReport } from './observation';

export interface ObserveInput {
  readonly step: PlanStep;
  readonly tool: Pick<ToolDescriptor, 'name' | 'costUsd'>;
  readonly report: ToolReport;
  /** One line for people; cut at 200 characters. */
  readonly summary: string;
  /** Facts that only the result could tell, besides the operator's effects. */
  readonly facts: readonly Fact[];
  readonly replayed: boolean;
  /** Paths of the output that later steps use (`neededPaths`); a missing one is a silent failure, null is a value. */
  readonly needs?: readonly string[];
  /** Paths of the output where the tool promises rows: an empty list or text or a count of 0 there is a silent failure. */
  readonly expectsRows?: readonly string[];
}

const MAX_SUMMARY = 200;

/**
 * Judges what a tool reported. A reported error is explicit; a claimed success that a check contradicts, that lacks what
 * later steps need, or whose own output says otherwise (`error`, `exitCode`, HTTP `status`) is a silent failure;
 * so is an empty result where the tool promises rows;
 * `truncated` makes it partial; an error whose effect is unknown is uncertain. Facts change on success; a failure changes those
 * that it found to be otherwise, by what the tool denies and by what failed checks of the step say.
 */
export function observe(input: ObserveInput): Observation {
  const { step, tool, report, replayed } = input;
  const failed = failedChecks(step, report);
  const evidence = [...report.evidence, ...outputChecks(report, input), ...stepChecks(step, report)];
  const error = errorOf(report, evidence);
  const outcome = outcomeOf(report, error);
  const worked = outcome === 'success' || outcome === 'partial';
  const adds = new Map([...step.adds, ...input.facts].map((fact) => [factKey(fact), fact]));
  return {
    stepId: step.id,
    tool: tool.name,
    outcome,
    error,
    evidence,
    factsAdded: worked ? [...adds.values()] : learnt(failed, false),
    factsRemoved: worked
      ? step.deletes.filter((fact) => !adds.has(factKey(fact)))
      : [...(report.denies ?? []), ...learnt(failed, true)],
    summary: cut(worked || !error ? input.summary : `${error.code}: ${error.message}`),
    durationMs: report.durationMs,
    costUsd: tool.costUsd,
    replayed,
    measures: measuresOf(report.output, report.durationMs),
    ...(error ? { signature: signatureOf(error.code, error.message) } : {}),
  };
}

/** The value at a dotted path (`rows.0.name`), the value itself for the empty path, undefined where there is none. */
export function valueAt(value: Json, path: string): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path === '' ? [] : path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as JsonObject)[key];
  }
  return current;
}

/** The post-conditions of the step that do not hold of an output. */
function failedChecks({ checks = [] }: PlanStep, { ok, output }: ToolReport): readonly ResultCheck[] {
  return ok && output !== null ? checks.filter((check) => !isMet(check, output)) : [];
}

function isMet({ path, equals }: ResultCheck, output: JsonObject): boolean {
  const value = valueAt(output, path);
  if (equals === undefined) return value !== undefined && value !== null;
  return value !== undefined && canonicalJson(value) === canonicalJson(equals);
}

function stepChecks({ checks = [] }: PlanStep, { ok, output }: ToolReport): Evidence[] {
  if (!ok || output === null) return [];
  return checks.map((check) => ({
    check:
      check.summary ??
      `output.${check.path} is ${check.equals === undefined ? 'present' : JSON.stringify(check.equals)}`,
    holds: isMet(check, output),
    seen: cut(JSON.stringify(valueAt(output, check.path) ?? null)),
  }));
}

/** What failed checks say of the world: facts that hold, or facts that are gone. */
function learnt(failed: readonly ResultCheck[], isGone: boolean): Fact[] {
  return failed
    .flatMap(({ otherwise = [] }) => otherwise)
    .filter((literal) => (literal.not === true) === isGone)
    .map(({ predicate, args }) => ({ predicate, args }));
}

function outputChecks(report: ToolReport, { needs = [], expectsRows = [] }: ObserveInput): Evidence[] {
  if (!report.ok) return [];
  if (report.output === null) return [{ check: 'output is present', holds: false, seen: 'nothing' }];
  const { output } = report;
  const missing = needs.filter((path) => valueAt(output, path) === undefined);
  return [
    ...missing.map((path) => ({ check: `output.${path} is present`, holds: false, seen: 'nothing' })),
    ...expectsRows.flatMap((path) => rowsCheck(path, valueAt(output, path))),
    ...selfReports(output),
  ];
}

function rowsCheck(path: string, value: Json | undefined): Evidence[] {
  const isEmpty = value === 0 || value === '' || (Array.isArray(value) && value.length === 0);
  const isMissing = value === undefined || value === null;
  return isEmpty || isMissing
    ? [{ check: `output.${path} is not empty`, holds: false, seen: isMissing ? 'nothing' : JSON.stringify(value) }]
    : [];
}

/** What an output says about its own failure, in the fields where tools and protocols say it. */
function selfReports(output: JsonObject): Evidence[] {
  const { error, exitCode, httpStatus } = output;
  const found: Evidence[] = [];
  const isError = (typeof error === 'string' && error !== '') || (isObject(error) && Object.keys(error).length > 0);
  if (isError) found.push({ check: 'output.error is empty', holds: false, seen: cut(JSON.stringify(error)) });
  if (typeof exitCode === 'number' && exitCode !== 0) {
    found.push({ check: 'output.exitCode is 0', holds: false, seen: String(exitCode) });
  }
  if (typeof httpStatus === 'number' && httpStatus >= 400) {
    found.push({ check: 'output.httpStatus is below 400', holds: false, seen: String(httpStatus) });
  }
  return found;
}

function errorOf(report: ToolReport, evidence: readonly Evidence[]): ErrorClass | null {
  if (!report.ok) {
    const {
      code,
      message,
      transient,
      blame: told,
    } = report.error ?? {
      code: 'tool.failed',
      message: 'the tool reported a failure without a reason',
      transient: false,
      blame: undefined,
    };
    const blame = blameOf(told ? { code, blame: told } : { code });
    const error = { kind: 'explicit', duration: transient ? 'transient' : 'permanent', code, message } as const;
    return blame === 'tool' ? error : { ...error, blame };
  }
  const broken = evidence.filter((item) => !item.holds);
  if (broken.length === 0) return null;
  const message = broken.map(({ check, seen }) => `${check}, but ${seen} was seen`).join('; ');
  const httpStatus = report.output?.['httpStatus'];
  // The far side says itself that a later try may work: 429 and the 5xx.
  const transient = typeof httpStatus === 'number' && (httpStatus === 429 || httpStatus >= 500);
  return { kind: 'silent', duration: transient ? 'transient' : 'permanent', code: 'result.contradicted', message };
}

function outcomeOf(report: ToolReport, error: ErrorClass | null): Outcome {
  if (report.error?.uncertain) return 'uncertain';
  if (error) return 'failure';
  return report.output?.['truncated'] === true ? 'partial' : 'success';
}

function cut(text: string): string {
  return text.length <= MAX_SUMMARY ? text : `${text.slice(0, MAX_SUMMARY - 1)}…`;
}
