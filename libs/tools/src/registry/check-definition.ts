import { EFFECT_CLASSES, FAST_LANE_MAX_MS, FAST_LANE_MAX_TIMEOUT_MS, isFastLane } from '@goalkeeper/domain';
import type { ToolDefinition, ToolPlugin, Verifier } from '../definition';

const TOOL_NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/;
const VERIFIER_NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9_-]*)+$/;
const VERSION = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** What is wrong with a plugin, one sentence a problem; empty when it can be used. Trusts no type: plugins come from outside. */
export function pluginProblems(plugin: ToolPlugin): string[] {
  const who = `plugin ${String(plugin.name)}`;
  const problems: string[] = [];
  if (!isText(plugin.name)) problems.push('a plugin has no name');
  if (!VERSION.test(String(plugin.version)))
    problems.push(`${who}: version "${String(plugin.version)}" is not like 1.2.3`);
  const tools: unknown = plugin.tools;
  if (!Array.isArray(tools)) return [...problems, `${who}: tools is not a list`];
  problems.push(...plugin.tools.flatMap((tool) => toolProblems(tool).map((problem) => `${who}: ${problem}`)));
  for (const verifier of plugin.verifiers ?? []) {
    problems.push(...verifierProblems(verifier).map((problem) => `${who}: ${problem}`));
  }
  return problems;
}

/** A day: timers of more than 24 days would end at once, and numbers without end cannot be stored. */
const LONGEST_MS = 86_400_000;
/** Costs are added up and compared. */
const DEAREST_USD = 1e6;

function toolProblems(tool: ToolDefinition): string[] {
  const who = `tool ${String(tool.name)}`;
  const checks: [boolean, string][] = [
    [TOOL_NAME.test(String(tool.name)), 'its name is not like "area.action" in small letters'],
    [VERSION.test(String(tool.version)), `version "${String(tool.version)}" is not like 1.2.3`],
    [isText(tool.summary), 'it has no summary'],
    [isSchema(tool.input), 'input is not a zod schema'],
    [isSchema(tool.output), 'output is not a zod schema'],
    [EFFECT_CLASSES.includes(tool.effect), `effect "${String(tool.effect)}" is none of ${EFFECT_CLASSES.join(', ')}`],
    [tool.boundMs > 0 && tool.boundMs <= LONGEST_MS, `boundMs is not above 0 and at most ${LONGEST_MS}`],
    [tool.timeoutMs >= tool.boundMs, 'timeoutMs is below boundMs'],
    [tool.timeoutMs <= LONGEST_MS, `timeoutMs is above ${LONGEST_MS}`],
    [!(isFastLane(tool) && tool.timeoutMs > FAST_LANE_MAX_TIMEOUT_MS), tooPatient(tool)],
    [tool.costUsd >= 0 && tool.costUsd <= DEAREST_USD, `costUsd is not from 0 to ${DEAREST_USD}`],
    [typeof tool.run === 'function', 'it has no run function'],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => `${who}: ${problem}`);
}

function tooPatient({ effect, boundMs, timeoutMs }: ToolDefinition): string {
  return (
    `timeoutMs ${timeoutMs} is above ${FAST_LANE_MAX_TIMEOUT_MS}, too long for a ${effect} tool whose boundMs ${boundMs} puts it on ` +
    `the fast lane; lower timeoutMs, or give a boundMs of ${FAST_LANE_MAX_MS} or more`
  );
}

function verifierProblems(verifier: Verifier): string[] {
  const who = `verifier ${String(verifier.name)}`;
  const problems: string[] = [];
  if (!VERIFIER_NAME.test(String(verifier.name))) problems.push(`${who}: its name is not like "area.what_holds"`);
  if (typeof verifier.verify !== 'function') problems.push(`${who}: it has no verify function`);
  return problems;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isSchema(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof (value as { safeParse?: unknown }).safeParse === 'function'
  );
}
