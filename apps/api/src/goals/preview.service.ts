import { Injectable } from '@nestjs/common';
import type { CreateGoalRequest, PlanPreviewResponse } from '@goalkeeper/contracts';
import type { Principal } from '../auth/principal';
import { EngineService } from '../engine/engine.service';
import { ApiProblem } from '../http/api-problem';
import { toPlanView } from './goal.view';
import { newGoal } from './new-goal';

/** Shows what a goal would do. Nothing is stored; a short workflow asks a worker, for the API knows no tools. */
@Injectable()
export class PreviewService {
  constructor(private readonly engine: EngineService) {}

  /** @throws {ApiProblem} `preview.refused` for what the mind refuses, `preview.no_worker`, `engine.unavailable` */
  async preview(caller: Principal, body: CreateGoalRequest): Promise<PlanPreviewResponse> {
    const goal = newGoal(body, caller.tenantId, Date.now());
    const preview = await this.engine.preview(goal);
    if (preview === 'no_worker') throw new ApiProblem('preview.no_worker');
    if (preview === 'unreachable') throw new ApiProblem('engine.unavailable');
    if (preview.kind === 'failed') {
      const { code, message, hint, details } = preview.failure;
      const pointer = typeof details['pointer'] === 'string' ? details['pointer'] : body.task ? '/name' : '';
      const place = body.task ? `/task${pointer}` : '/objective';
      throw new ApiProblem('preview.refused', {
        detail: `${code}: ${message}`,
        hint,
        errors: [{ pointer: place, message }],
      });
    }
    const { plan, confidence, estimate, alternatives } = preview;
    return {
      dryRun: 'plan',
      plan: toPlanView(plan),
      confidence,
      estimate: { ...estimate, steps: [...estimate.steps] },
      alternatives: [...alternatives],
      links: plan.links.map(({ from, to, fact }) => ({ from, to, predicate: fact.predicate, args: [...fact.args] })),
    };
  }
}
