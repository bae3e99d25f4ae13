import {
  type Analysis,
  type Fact,
  type GoalFailure,
  loopBans,
  type LoopRecord,
  loopVerdict,
  NO_LOOPS,
  noteCall,
  type Observation,
  type PlanStep,
} from '@goalkeeper/domain/workflow';

/** What of it survives continue-as-new. */
export interface CarriedBans {
  /** Tools by step. */
  readonly banned: Readonly<Record<string, readonly string[]>>;
  /** Absent in runs that an older version carried over. */
  readonly loops?: LoopRecord;
}

/** What a goal must not choose again: tools that a step's failures shut out, and actions that would go round in circles. */
export class Bans {
  private readonly banned: Record<string, readonly string[]>;
  private loops: LoopRecord;
  /** What held when the latest call of a step went out. */
  private readonly before = new Map<string, readonly Fact[]>();

  constructor(carried: CarriedBans | null) {
    this.banned = { ...carried?.banned };
    this.loops = carried?.loops ?? NO_LOOPS;
  }

  carry(): CarriedBans {
    return { banned: this.banned, loops: this.loops };
  }

  /** Notes the state in which a call goes out. */
  begin(step: PlanStep, facts: readonly Fact[]): void {
    this.before.set(step.id, facts);
  }

  /** Shuts a tool out for a step. */
  shutOut(step: PlanStep, tool: string): void {
    this.banned[step.id] = [...(this.banned[step.id] ?? []), tool];
  }

  /** What must not be chosen for a step now, in the form that selection takes. */
  of(
    step: PlanStep,
    facts: readonly Fact[],
  ): { banned: readonly string[]; banReasons?: Readonly<Record<string, string>> } {
    const banned = this.banned[step.id] ?? [];
    const banReasons = loopBans(this.loops, step.tools, facts);
    const keys = Object.keys(banReasons);
    return keys.length === 0 ? { banned } : { banned: [...banned, ...keys], banReasons };
  }

  /**
   * Takes in how a call was judged.
   *
   * @returns why the goal must end, when its calls go round in circles
   */
  note(
    step: PlanStep,
    { tool, outcome }: Observation,
    { next }: Analysis,
    { revision, planSteps }: { readonly revision: number; readonly planSteps: number },
  ): GoalFailure | null {
    const binding = step.tools.find((candidate) => candidate.tool === tool);
    if (!binding || next === 'ask') return null;
    const worked = outcome === 'success' || outcome === 'partial';
    const facts = this.before.get(step.id) ?? [];
    this.loops = noteCall(this.loops, { binding, facts, worked, isFinal: next !== 'retry', revision });
    const verdict = next === 'finish' ? null : loopVerdict(this.loops, planSteps);
    if (!verdict) return null;
    const hint = 'Look at the failed steps: the pack needs another way, or the world stands against the goal.';
    return { ...verdict, hint, details: { step: step.label, tool } };
  }
}
