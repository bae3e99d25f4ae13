import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AnswerInput,
  CreateGoalInput,
  DecisionList,
  EffectList,
  EventPage,
  GoalEvent,
  GoalResponse,
  QuestionList,
} from '@goalkeeper/contracts';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface Ask {
  readonly body?: unknown;
  readonly key?: string;
  /** Asks again after connection errors and answers that invite to. */
  readonly persistent?: boolean;
}

const PAUSE_MS = 100;
const ENDED = ['succeeded', 'failed', 'cancelled', 'timed_out', 'budget_exceeded'];

/** A client as a careful caller would write one: it repeats what may be repeated, under the same key. */
export class SystemClient {
  /** @param closed fires when the stack is gone: nothing is asked again */
  constructor(
    readonly url: string,
    readonly token: string,
    private readonly closed?: AbortSignal,
  ) {}

  async ask<Body>(method: string, path: string, { body, key, persistent = true }: Ask = {}): Promise<Answer<Body>> {
    for (;;) {
      this.closed?.throwIfAborted();
      const answer = await this.once<Body>(method, path, { body, key }).catch((error: unknown) => {
        if (!persistent) throw error;
        return null;
      });
      if (answer && !(persistent && (answer.status === 503 || isInFlight(answer)))) return answer;
      await sleep(PAUSE_MS);
    }
  }

  private async once<Body>(method: string, path: string, { body, key }: Ask): Promise<Answer<Body>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? null : JSON.parse(text)) as Body,
    };
  }

  /** States a goal; anything but 202 is an error. */
  async submit(goal: CreateGoalInput, key: string): Promise<GoalResponse & { readonly replayed: boolean }> {
    const { status, headers, body } = await this.ask<GoalResponse>('POST', '/v1/goals', { body: goal, key });
    if (status !== 202) throw new Error(`POST /v1/goals answered ${status}: ${JSON.stringify(body)}`);
    return { ...body, replayed: headers.get('idempotent-replayed') === 'true' };
  }

  async goal(id: string, include = ''): Promise<GoalResponse> {
    const { status, body } = await this.ask<GoalResponse>('GET', `/v1/goals/${id}${include && `?include=${include}`}`);
    if (status !== 200) throw new Error(`GET ${id} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** All events of a goal, page by page. */
  async events(id: string): Promise<readonly GoalEvent[]> {
    const events: GoalEvent[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const path: string = `/v1/goals/${id}/events?after=${after}&limit=200`;
      const answer: Answer<EventPage> = await this.ask<EventPage>('GET', path);
      events.push(...answer.body.data);
      after = answer.body.page.next;
    }
    return events;
  }

  async decisions(id: string): Promise<DecisionList['data']> {
    return (await this.ask<DecisionList>('GET', `/v1/goals/${id}/decisions`)).body.data;
  }

  async effects(id: string): Promise<EffectList['data']> {
    return (await this.ask<EffectList>('GET', `/v1/goals/${id}/effects`)).body.data;
  }

  async command(id: string, kind: 'cancel' | 'pause' | 'resume', reason = ''): Promise<Answer<GoalResponse>> {
    return this.ask<GoalResponse>('POST', `/v1/goals/${id}/${kind}`, { body: { reason }, key: `${kind}-${id}` });
  }

  /** What the goal asks and asked. */
  async questions(id: string): Promise<QuestionList['data']> {
    return (await this.ask<QuestionList>('GET', `/v1/goals/${id}/questions`)).body.data;
  }

  async answer(id: string, body: AnswerInput, key?: string): Promise<Answer<GoalResponse & { code?: string }>> {
    return this.ask('POST', `/v1/goals/${id}/answers`, { body, ...(key ? { key } : {}) });
  }

  /** Waits until a goal says what it last saw when the watchdog barks. */
  async until(id: string, states: readonly string[] = ENDED, watchdogMs = 60_000): Promise<GoalResponse> {
    const end = Date.now() + watchdogMs;
    for (;;) {
      const goal = await this.goal(id);
      if (states.includes(goal.state)) return goal;
      if (ENDED.includes(goal.state) || Date.now() > end)
        throw new Error(`${id} is ${goal.state}, not ${states.join(' or ')}: ${JSON.stringify(goal.failure)}`);
      await sleep(PAUSE_MS);
    }
  }
}

function isInFlight({ status, body }: Answer<unknown>): boolean {
  return status === 409 && (body as { code?: string } | null)?.code === 'idempotency.in_flight';
}
