import { Inject, Injectable } from '@nestjs/common';
import {
  AgentError,
  type DomainPack,
  offerProblems,
  packOfDomain,
  parsePack,
  PddlSyntaxError,
} from '@goalkeeper/domain';
import type { CreatePackRequest, PackDetail, Problem } from '@goalkeeper/contracts';
import {
  AuditRepository,
  type Database,
  type EntityManager,
  PackRepository,
  type PackRecord,
  ToolRepository,
} from '@goalkeeper/persistence';
import type { Principal } from '../auth/principal';
import { DATABASE } from '../core/tokens';
import { auditEntry } from '../goals/goals.service';
import { ApiProblem } from '../http/api-problem';
import type { Origin } from '../http/origin';
import { toPackView } from './registry.view';

/** The packs of a tenant: what it uploads, and what the installation offers. */
@Injectable()
export class PacksService {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** @throws {ApiProblem} `pack.invalid` with each mistake in its place, `pack.version_exists` */
  async upload(caller: Principal, body: CreatePackRequest, origin: Origin): Promise<PackDetail> {
    const pack = readPack(body);
    return this.database.tenant(caller.tenantId, async (tx) => {
      await checkOffer(tx, pack, body);
      const packs = new PackRepository(tx);
      const stored = await packs.upload(pack);
      if (stored === 'conflict')
        throw new ApiProblem('pack.version_exists', {
          detail: `${pack.name} ${pack.version} was stored with another content`,
          errors: [{ pointer: body.pack ? '/pack/version' : '/bindings/version', message: 'must be a new version' }],
        });
      if (stored === 'stored')
        await new AuditRepository(tx).add(auditEntry(caller, 'pack.upload', `${pack.name}@${pack.version}`, origin));
      return detailOf(tx, await find(packs, pack.name));
    });
  }

  async get(caller: Principal, name: string): Promise<PackDetail> {
    return this.database.tenant(caller.tenantId, async (tx) => {
      const packs = new PackRepository(tx);
      return detailOf(tx, await find(packs, name));
    });
  }

  /** @throws {ApiProblem} `pack.not_found`, `pack.shared` */
  async remove(caller: Principal, name: string, origin: Origin): Promise<void> {
    await this.database.tenant(caller.tenantId, async (tx) => {
      const packs = new PackRepository(tx);
      const { pack } = await find(packs, name);
      if (!(await packs.remove(name))) throw new ApiProblem('pack.shared');
      await new AuditRepository(tx).add(auditEntry(caller, 'pack.remove', `${pack.name}@${pack.version}`, origin));
    });
  }
}

async function find(packs: PackRepository, name: string): Promise<PackRecord> {
  const found = (await packs.records()).find(({ pack }) => pack.name === name);
  if (!found) throw new ApiProblem('pack.not_found', { detail: `There is no pack ${name}` });
  return found;
}

async function detailOf(tx: EntityManager, record: PackRecord): Promise<PackDetail> {
  const { pack, digest, source, updatedAt } = record;
  const versions = await new PackRepository(tx).versions(pack.name);
  const tools = (await new ToolRepository(tx).list()).map(({ name }) => name);
  return {
    ...toPackView(pack, tools),
    digest,
    source,
    language: pack.pddl ? 'pddl' : 'json',
    updatedAt: updatedAt.toISOString(),
    methods: pack.methods.map(({ name, task, summary }) => ({ name, task, summary })),
    operators: pack.operators.map(({ name, summary, tools }) => ({
      name,
      summary,
      tools: tools.map(({ tool }) => tool),
    })),
    versions: versions.map((one) => ({ ...one, createdAt: one.createdAt.toISOString() })),
  };
}

function readPack(body: CreatePackRequest): DomainPack {
  try {
    if (body.pack) return parsePack(body.pack);
    return packOfDomain({ domain: body.domain ?? '', bindings: body.bindings });
  } catch (error) {
    if (error instanceof PddlSyntaxError) {
      const { line, column, expected, found, message, hint } = error;
      const errors = [
        { pointer: '/domain', message: `line ${line}, column ${column}: expected ${expected}, found ${found}` },
      ];
      throw new ApiProblem('pack.invalid', { detail: message, errors, ...(hint === '' ? {} : { hint }) });
    }
    if (!(error instanceof AgentError)) throw error;
    throw new ApiProblem('pack.invalid', {
      detail: error.message,
      errors: errorsOf(error, body.pack ? '/pack' : '/bindings'),
    });
  }
}

function errorsOf({ details, message }: AgentError, root: string): NonNullable<Problem['errors']> {
  const problems = details['problems'];
  if (!Array.isArray(problems)) return [{ pointer: root, message }];
  return (problems as readonly { at: string; problem: string }[]).map(({ at, problem }) => ({
    pointer: `${root}${pointerOf(at)}`,
    message: problem,
  }));
}

/** `methods[3].subtasks[1]` as a JSON Pointer. */
function pointerOf(at: string): string {
  const parts = at.split(/[.[\]]+/).filter((part) => part !== '');
  return parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A pack that asks for what nobody has would fail with its first goal, one that takes another's names would spoil that one. */
async function checkOffer(tx: EntityManager, pack: DomainPack, body: CreatePackRequest): Promise<void> {
  const registry = new ToolRepository(tx);
  const known = new Set((await registry.list()).map(({ name }) => name));
  const verifiers = new Set(await registry.verifiers());
  // A tenant's own pack hides one of its name, and its own version before: only other packs stand beside it.
  const others = (await new PackRepository(tx).list()).filter(({ name }) => name !== pack.name);
  const found = offerProblems(pack, {
    others,
    hasTool: (name) => known.has(name),
    hasVerifier: (name) => verifiers.size === 0 || verifiers.has(name),
  });
  if (found.length === 0) return;
  throw new ApiProblem('pack.invalid', {
    detail: `${pack.name} cannot be offered here: ${found[0]?.problem ?? ''}`,
    errors: found.map(({ at, problem }) => ({
      pointer: body.pack ? `/pack${pointerOf(at)}` : `/bindings${inBindings(pack, at)}`,
      message: problem.startsWith('no tool') ? `${problem}; GET /v1/tools lists them` : problem,
    })),
    hint: 'Correct the pack at the places named; GET /v1/packs shows which tasks are taken.',
  });
}

/** Where the bindings of a planning domain say what stands at this place of its pack. */
function inBindings(pack: DomainPack, at: string): string {
  const [, kind, index, rest = ''] = /^(tasks|operators)\[(\d+)\]\.?(.*)$/.exec(at) ?? [];
  if (kind === undefined) return pointerOf(at);
  const item = (kind === 'tasks' ? pack.tasks : pack.operators)[Number(index)];
  const own = item?.name.slice(pack.name.length + 1) ?? '';
  const place = `/${kind === 'tasks' ? 'tasks' : 'primitives'}/${own.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return rest === 'name' ? place : `${place}${pointerOf(rest)}`;
}
