import { escapeLiteral } from 'pg';
import { json } from '../sql';

/** The functions of the database that do one activity's work in one statement. Each binds itself to the tenant it is given. */
export type FunctionName =
  | 'gk_step_outputs'
  | 'gk_begin_call'
  | 'gk_finish_call'
  | 'gk_open_call'
  | 'gk_close_call'
  | 'gk_recall'
  | 'gk_plan_state'
  | 'gk_store_plan'
  | 'gk_work_done'
  | 'gk_store_verification'
  | 'gk_goal_lessons'
  | 'gk_close_goal'
  | 'gk_accept_goal'
  | 'gk_outbox_delivered'
  | 'gk_get_goal';

export interface FunctionCall {
  readonly name: FunctionName;
  readonly tenantId: string;
  readonly goalId: string;
  /** What the function takes; NUL and lone surrogates in it become U+FFFD. */
  readonly input: object;
}

/** Whatever can run a function: the database in a transaction of its own. */
export interface Functions {
  perform<Answer>(call: FunctionCall): Promise<Answer>;
}

/** The call as a statement that each connection plans once. */
export function toStatement({ name, tenantId, goalId, input }: FunctionCall): {
  name: string;
  text: string;
  values: unknown[];
} {
  return { name, text: `SELECT ${name}($1, $2, $3) AS answer`, values: [tenantId, goalId, json(input)] };
}

/** The call as text, to travel in one message with other statements. */
export function toText({ name, tenantId, goalId, input }: FunctionCall): string {
  const [tenant, goal, body] = [tenantId, goalId, json(input) ?? 'null'].map(escapeLiteral);
  return `SELECT ${name}(${tenant}, ${goal}, ${body}) AS answer`;
}
