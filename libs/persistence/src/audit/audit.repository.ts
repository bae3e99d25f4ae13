import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, prepared, row, rows, text } from '../sql';

/** Who did what to what, and how it ended. */
export interface NewAuditEntry {
  readonly actor: string;
  readonly onBehalfOf?: string | null;
  /** `goal.create`, `goal.cancel`, … */
  readonly action: string;
  readonly target: string;
  readonly outcome: 'allowed' | 'refused' | 'failed';
  readonly reason?: string;
  readonly requestId?: string | null;
  readonly address?: string | null;
}

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export interface ChainFinding {
  readonly holds: boolean;
  /** Entries that were checked. */
  readonly entries: number;
  /** What is wrong first, in words; null when the chain holds. */
  readonly problem: string | null;
  /** Where the chain ends, to be kept outside the database. */
  readonly head: AuditHead;
}

const NO_HASH = '0'.repeat(64);
const CHECK_BATCH = 1_000;

/** Takes the next number under the lock of the tenant's head row and chains the entry to the one before. */
const ADD = prepared('add_audit_entry', 'SELECT seq, hash FROM gk_add_audit($1, $2)');

/** An entry as the database takes it: its fields, and the text that its hash is made of. */
export function auditLine(entry: NewAuditEntry, at: Date): { readonly entry: JsonObject; readonly canonical: string } {
  const fields = fieldsOf(entry, at);
  return { entry: fields, canonical: canonicalJson(fields) };
}

/** The audit chain of a tenant: hash = SHA-256(previous hash + number + canonical JSON of the entry). */
export class AuditRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Adds an entry in the transaction of what it is about. Until that commits, other entries of the tenant wait: add it
   * last. One statement.
   */
  async add(entry: NewAuditEntry, at: Date = new Date()): Promise<AuditHead> {
    const line = auditLine(entry, at);
    const added = await row<{ seq: string; hash: string }>(this.tx, ADD, [json(line.entry), line.canonical]);
    return { seq: Number(added?.seq), hash: added?.hash ?? '' };
  }

  /** Where the chain ends; number 0 when it has not begun. One statement. */
  async head(): Promise<AuditHead> {
    const found = await row<{ seq: string; hash: string }>(this.tx, 'SELECT seq, hash FROM audit_head');
    return { seq: Number(found?.seq ?? 0), hash: found?.hash ?? NO_HASH };
  }

  /**
   * Recomputes the whole chain of the tenant of this transaction: edits, swaps and removals anywhere, the end included.
   * Against someone who rewrites the head row as well, compare with a head that was kept outside.
   *
   * @param tenantId must be the tenant of the transaction; another one's chain looks empty from here
   * @param kept a head noted earlier outside the database; the chain must still run through it
   */
  async verifyChain(tenantId: string, kept?: AuditHead): Promise<ChainFinding> {
    const head = await this.head();
    let previous: AuditHead = { seq: 0, hash: NO_HASH };
    let keptSeen = !kept || kept.seq === 0;
    for (;;) {
      const batch = await this.batch(tenantId, previous.seq);
      for (const entry of batch) {
        const problem = problemOf(entry, previous);
        if (problem) return { holds: false, entries: previous.seq, problem, head };
        previous = { seq: Number(entry.seq), hash: entry.hash };
        if (kept && kept.seq === previous.seq) keptSeen = kept.hash === previous.hash;
      }
      if (batch.length < CHECK_BATCH) break;
    }
    const problem =
      endProblem(previous, head) ?? (keptSeen ? null : `Entry ${kept?.seq} is not the one that was noted outside`);
    return { holds: problem === null, entries: previous.seq, problem, head };
  }

  private batch(tenantId: string, after: number): Promise<AuditRowData[]> {
    return rows<AuditRowData>(
      this.tx,
      `SELECT * FROM audit_entry WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      [tenantId, after, CHECK_BATCH],
    );
  }
}

interface AuditFields extends JsonObject {
  readonly at: string;
  readonly actor: string;
  readonly onBehalfOf: string | null;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly reason: string;
  readonly requestId: string | null;
  readonly address: string | null;
}

function fieldsOf(entry: NewAuditEntry, at: Date): AuditFields {
  const { onBehalfOf = null, requestId = null, address = null } = entry;
  return {
    at: at.toISOString(),
    actor: text(entry.actor),
    onBehalfOf: onBehalfOf && text(onBehalfOf),
    action: text(entry.action),
    target: text(entry.target),
    outcome: entry.outcome,
    reason: text(entry.reason ?? ''),
    requestId: requestId && text(requestId),
    address: address && text(address),
  };
}

interface AuditRowData {
  seq: string;
  created_at: Date;
  actor: string;
  on_behalf_of: string | null;
  action: string;
  target: string;
  outcome: NewAuditEntry['outcome'];
  reason: string;
  request_id: string | null;
  address: string | null;
  previous_hash: string;
  hash: string;
}

function problemOf(entry: AuditRowData, previous: AuditHead): string | null {
  const seq = Number(entry.seq);
  if (seq !== previous.seq + 1) return `Entry ${previous.seq + 1} is missing: after ${previous.seq} comes ${seq}`;
  if (entry.previous_hash !== previous.hash) return `Entry ${seq} does not follow from entry ${previous.seq}`;
  const { actor, on_behalf_of: onBehalfOf, action, target, outcome, reason, request_id: requestId, address } = entry;
  const fields = fieldsOf({ actor, onBehalfOf, action, target, outcome, reason, requestId, address }, entry.created_at);
  const hash = createHash('sha256')
    .update(`${previous.hash}${seq}${canonicalJson(fields)}`)
    .digest('hex');
  return hash === entry.hash ? null : `Entry ${seq} was changed: its content does not give its hash`;
}

function endProblem(last: AuditHead, head: AuditHead): string | null {
  if (last.seq < head.seq) return `Entries ${last.seq + 1} to ${head.seq} are missing at the end`;
  if (last.seq > head.seq || last.hash !== head.hash) return `The head row does not fit entry ${last.seq}`;
  return null;
}
