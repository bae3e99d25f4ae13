import { Inject, Injectable } from '@nestjs/common';
import { isTerminal } from '@goalkeeper/domain';
import { toPublicId, type CommandResponse, type GoalResponse } from '@goalkeeper/contracts';
import {
  AuditRepository,
  CommandRepository,
  GoalRepository,
  newId,
  OutboxRepository,
  type CommandRecord,
  type Database,
  type EntityManager,
  type IdempotencyRequest,
} from '@goalkeeper/persistence';
import type { ApiConfig, Wakeups } from '@goalkeeper/platform';
import type { CommandKind } from '@goalkeeper/workflows/client';
import type { Principal } from '../auth/principal';
import { CONFIG, DATABASE, WAKEUPS } from '../core/tokens';
import { DeliveryService, HOLD_MS } from '../engine/delivery.service';
import { ApiProblem } from '../http/api-problem';
import { oncePerKey } from '../http/idempotency';
import type { Origin } from '../http/origin';
import { isoOrNull, toGoalResponse } from './goal.view';
import { auditEntry } from './goals.service';

/** How long a client waits for the workflow's answer before it gets the command's address. */
const ANSWER_MS = 2_000;

export interface CommandOrder {
  readonly kind: Exclude<CommandKind, 'answer'>;
  readonly reason: string;
  readonly idempotency: IdempotencyRequest | null;
  readonly origin: Origin;
}

/** A command that was stored, and how its goal stood after it was handed over. */
export interface CarriedCommand {
  readonly goal: GoalResponse;
  readonly commandId: string;
  /** The same request had been answered before. */
  readonly replayed: boolean;
}

@Injectable()
export class CommandsService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly delivery: DeliveryService,
    @Inject(WAKEUPS) private readonly wakeups: Wakeups,
    @Inject(CONFIG) private readonly config: ApiConfig,
  ) {}

  /**
   * Stores the command, then hands it to the workflow and waits at most two seconds for its answer; the sweeper goes
   * on where that was not enough.
   */
  async order(caller: Principal, goalId: string, order: CommandOrder): Promise<CarriedCommand> {
    return this.carry(caller, goalId, order.idempotency, (tx, commandId) =>
      this.store(tx, { caller, goalId, commandId, order }),
    );
  }

  /**
   * Stores a command once per idempotency key, hands it to the workflow and tells how the goal stands then.
   *
   * @param store stores the command of that id and all that belongs to it, in the transaction it is given
   */
  async carry(
    caller: Principal,
    goalId: string,
    idempotency: IdempotencyRequest | null,
    store: (tx: EntityManager, commandId: string) => Promise<void>,
  ): Promise<CarriedCommand> {
    const { body, replayed } = await this.database.tenant(caller.tenantId, (tx) =>
      oncePerKey(tx, idempotency, async () => {
        const commandId = newId();
        await store(tx, commandId);
        return { status: 202, body: { commandId } };
      }),
    );
    const { commandId } = body;
    const goal = await this.delivered(caller, goalId, { commandId, replayed });
    return { goal, commandId, replayed };
  }

  /** Hands over a command that is stored, and tells how the goal stands then. */
  private async delivered(
    caller: Principal,
    goalId: string,
    { commandId, replayed }: { readonly commandId: string; readonly replayed: boolean },
  ): Promise<GoalResponse> {
    this.wakeups.publish(goalId, 'moved');
    if (!replayed) await this.delivery.commandNow({ tenantId: caller.tenantId, goalId }, commandId, ANSWER_MS);
    const record = await this.database.tenant(caller.tenantId, (tx) => new GoalRepository(tx).get(goalId));
    if (!record) throw new ApiProblem('goal.not_found');
    return toGoalResponse(record, this.config);
  }

  async get(caller: Principal, goalId: string, commandId: string): Promise<CommandResponse> {
    const command = await this.database.tenant(caller.tenantId, (tx) => new CommandRepository(tx).get(commandId));
    if (command?.goalId !== goalId) throw new ApiProblem('command.not_found');
    return toCommandResponse(command);
  }

  private async store(
    tx: EntityManager,
    { caller, goalId, commandId, order }: { caller: Principal; goalId: string; commandId: string; order: CommandOrder },
  ): Promise<void> {
    const { kind, reason } = order;
    const goals = new GoalRepository(tx);
    const record = await goals.get(goalId);
    if (!record) throw new ApiProblem('goal.not_found');
    if (isTerminal(record.state))
      throw new ApiProblem('goal.terminal', { detail: `The goal has ended already: ${record.state}` });
    await new CommandRepository(tx).add({ id: commandId, goalId, kind, reason, requestedBy: caller.name });
    await new OutboxRepository(tx).add({ id: commandId, kind: 'command', goalId, payload: {} }, HOLD_MS);
    if (kind === 'cancel')
      await goals.transition(goalId, {
        to: 'cancelling',
        reason: reason || 'cancelled on request',
        actor: caller.name,
      });
    const entry = auditEntry(caller, `goal.${kind}`, toPublicId('goal', goalId), order.origin);
    await new AuditRepository(tx).add({ ...entry, reason });
  }
}

function toCommandResponse(command: CommandRecord): CommandResponse {
  return {
    id: toPublicId('cmd', command.id),
    goalId: toPublicId('goal', command.goalId),
    kind: command.kind as CommandResponse['kind'],
    reason: command.reason,
    state: command.state,
    answer: command.answer,
    createdAt: command.createdAt.toISOString(),
    answeredAt: isoOrNull(command.answeredAt),
  };
}
