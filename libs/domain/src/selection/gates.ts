import { plural } from '../counting';
import { canonicalJson, type JsonObject } from '../json';
import type { ToolBinding } from '../planning/pack';
import { factText, firstUnmet, stateOf } from '../planning/state';
import type { ToolDescriptor } from '../tools/effect';
import type { SelectInput } from './select-action';
import type { Candidate, Gate, ToolStat } from './selection';

/** One text for a tool with its arguments: the unit of bans. */
export function actionKey(tool: string, args: JsonObject): string {
  return `${tool} ${canonicalJson(args)}`;
}

/** Transient failures in a row, over all goals, that open a tool's circuit. */
export const CIRCUIT_FAILURES = 5;
const FIRST_PAUSE_S = 60;
const LONGEST_PAUSE_S = 3600;

/**
 * The candidates of a step, each with the gates that are shut for it; whatever its score would be, a candidate with a shut gate
 * is out. An open circuit shuts only where another candidate is left: a tool that is the only one is tried.
 */
export function candidatesOf(input: SelectInput): Candidate[] {
  const candidates = input.step.tools.map((binding) => {
    const tool = input.tools.find((descriptor) => descriptor.name === binding.tool) ?? null;
    return { binding, tool, gates: gatesOf(binding, tool, input) };
  });
  const broken = (candidate: Candidate): Gate | null => circuitOf(candidate.binding.tool, input.stats);
  if (!candidates.some((candidate) => candidate.gates.length === 0 && !broken(candidate))) return candidates;
  return candidates.map((candidate) => {
    const circuit = broken(candidate);
    return circuit ? { ...candidate, gates: [...candidate.gates, circuit] } : candidate;
  });
}

function gatesOf(binding: ToolBinding, tool: ToolDescriptor | null, input: SelectInput): Gate[] {
  const gates: Gate[] = [];
  if (!tool) gates.push({ gate: 'unknown_tool', reason: `no tool named ${binding.tool} is registered` });
  const unmet = firstUnmet(input.step.when, stateOf(input.facts));
  if (unmet) gates.push({ gate: 'precondition', reason: `${factText(unmet)} does not hold` });
  const denied = input.denied?.find((one) => one.tool === binding.tool);
  if (denied) gates.push({ gate: 'permission', reason: denied.reason });
  const { budgetLeftUsd = null } = input;
  if (tool && budgetLeftUsd !== null && tool.costUsd > budgetLeftUsd) {
    gates.push({ gate: 'budget', reason: `it costs $${tool.costUsd} and $${budgetLeftUsd} is left` });
  }
  if (input.banned.includes(binding.tool))
    gates.push({ gate: 'banned', reason: `${binding.tool} is banned for this step` });
  else if (input.banned.includes(actionKey(binding.tool, binding.args))) {
    const why = input.banReasons?.[actionKey(binding.tool, binding.args)];
    gates.push({ gate: 'banned', reason: why ?? `${binding.tool} failed with these arguments before` });
  }
  return gates;
}

/** Open for 1, 2, 4, … minutes, an hour at most, after {@link CIRCUIT_FAILURES} transient failures in a row and each further one. */
function circuitOf(tool: string, stats: readonly ToolStat[]): Gate | null {
  const { failing = 0, failedSecondsAgo = Infinity } =
    stats.find((stat) => stat.tool === tool && (stat.context ?? '') === '') ?? {};
  if (failing < CIRCUIT_FAILURES) return null;
  const pauseS = Math.min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** Math.floor(failing - CIRCUIT_FAILURES));
  const leftS = Math.ceil(pauseS - failedSecondsAgo);
  if (leftS <= 0) return null;
  const times = plural(Math.round(failing), 'time');
  return { gate: 'circuit', reason: `it failed ${times} in a row and rests for another ${leftS} s` };
}
