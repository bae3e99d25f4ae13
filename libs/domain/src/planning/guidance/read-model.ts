import { AgentError } from '../../errors';
import type { JsonObject } from '../../json';
import type { PddlDomain } from '../pddl/model';
import { domainDigest } from './domain-digest';
import type { Gate, GuidanceModel, TrainedOn, Trial } from './model';
import { GUIDANCE_FORMAT, GUIDANCE_VERSION } from './model';

/** A model file that cannot be used: what is wrong, where in it, and what to do. */
export class GuidanceModelError extends AgentError {
  readonly retryable = false;

  constructor(
    readonly code: 'guidance.malformed' | 'guidance.version' | 'guidance.other_domain' | 'guidance.too_large',
    message: string,
    hint: string,
    details: JsonObject = {},
  ) {
    super(message, details, hint);
  }
}

/** Characters of a model file at most: some 20 times what training makes. */
export const MAX_MODEL_CHARS = 32_000_000;
const TRAIN_AGAIN = 'Make it anew: goalkeeper learn train --domain d.pddl --problems DIR --out model.json';

/**
 * Reads a model and checks every value in it.
 *
 * @param text JSON as written by `writeGuidanceModel`
 * @throws {GuidanceModelError} when it is no such file, of another version, too large, or holds a value that cannot be right
 */
export function readGuidanceModel(text: string): GuidanceModel {
  if (text.length > MAX_MODEL_CHARS) {
    throw new GuidanceModelError(
      'guidance.too_large',
      `The model has ${text.length} characters; ${MAX_MODEL_CHARS} are allowed`,
      TRAIN_AGAIN,
    );
  }
  const root = new Place(parsed(text), '');
  if (root.at('format').value !== GUIDANCE_FORMAT) {
    throw wrong('format', `"${GUIDANCE_FORMAT}"`, root.at('format').value);
  }
  checkVersion(root.at('version'));
  const domain = root.at('domain');
  const digest = domain.at('digest').text();
  if (!/^[0-9a-f]{16}$/.test(digest)) throw wrong('domain.digest', '16 hexadecimal digits', digest);
  const policy = root.at('policy');
  return {
    format: GUIDANCE_FORMAT,
    version: GUIDANCE_VERSION,
    domain: { name: domain.at('name').text(), digest },
    trained: readTrained(root.at('trained')),
    policy: {
      stepWeight: policy.at('stepWeight').number(0, 1e6),
      pathWeight: policy.at('pathWeight').number(0, 1e6),
      allowedWaste: policy.at('allowedWaste').number(-1, 1e6),
    },
    gate: readGate(root.at('gate')),
    weights: readWeights(root.at('weights')),
  };
}

/**
 * Makes sure that a model was learned for a domain; a domain that was only renamed is the same.
 *
 * @throws {GuidanceModelError} when it is another
 */
export function checkModelDomain(model: GuidanceModel, domain: PddlDomain): void {
  const digest = domainDigest(domain);
  if (digest === model.domain.digest) return;
  throw new GuidanceModelError(
    'guidance.other_domain',
    `The model was learned for the domain ${model.domain.name} (${model.domain.digest}), not for ${domain.name} (${digest}): ` +
      'predicates, types or actions differ',
    `Name the model of this domain with --guidance, or make one: goalkeeper learn train`,
    { model: model.domain.digest, domain: digest },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GuidanceModelError('guidance.malformed', `The model is not JSON: ${why}`, TRAIN_AGAIN);
  }
}

function checkVersion(place: Place): void {
  const version = place.number(1, Number.MAX_SAFE_INTEGER);
  if (version === GUIDANCE_VERSION) return;
  throw new GuidanceModelError(
    'guidance.version',
    `The model has version ${version}; this program reads version ${GUIDANCE_VERSION}`,
    `Use a program as new as the model, or ${TRAIN_AGAIN.toLowerCase()}`,
  );
}

function readTrained(place: Place): TrainedOn {
  const count = (name: string): number => place.at(name).count();
  const seed = place.at('placeboSeed');
  return {
    problems: count('problems'),
    heldBack: count('heldBack'),
    plans: count('plans'),
    examples: count('examples'),
    placeboSeed: seed.value === null ? null : seed.number(-(2 ** 53), 2 ** 53),
  };
}

function readGate(place: Place): Gate {
  const open = place.at('open').value;
  if (typeof open !== 'boolean') throw wrong('gate.open', 'true or false', open);
  return { open, why: place.at('why').text(), trials: place.at('trials').list().map(readTrial) };
}

function readTrial(place: Place): Trial {
  const count = (name: string): number => place.at(name).count();
  const from = place.at('from').value;
  if (from !== 'all' && from !== 'exact') throw wrong(`${place.path}.from`, '"all" or "exact"', from);
  return {
    from,
    stepWeight: place.at('stepWeight').number(0, 1e6),
    allowedWaste: place.at('allowedWaste').number(-1, 1e6),
    problems: count('problems'),
    solvedOff: count('solvedOff'),
    solvedOn: count('solvedOn'),
    lost: count('lost'),
    harmed: count('harmed'),
    ratio: place.at('ratio').number(0, 1e12),
  };
}

function readWeights(place: Place): Record<string, number> {
  const weights: Record<string, number> = {};
  for (const [name, value] of Object.entries(place.object())) {
    if (!/^[0-9a-z]{1,7}$/.test(name) || parseInt(name, 36) > 0xffffffff) {
      throw wrong(`weights.${name}`, 'the number of a feature in base 36 as its name', name);
    }
    weights[name] = new Place(value, `weights.${name}`).number(-1e6, 1e6);
  }
  return weights;
}

/** A value of the file and where it stands. */
class Place {
  constructor(
    readonly value: unknown,
    readonly path: string,
  ) {}

  at(name: string): Place {
    const path = this.path === '' ? name : `${this.path}.${name}`;
    const object = this.object();
    return new Place(Object.hasOwn(object, name) ? object[name] : undefined, path);
  }

  object(): Record<string, unknown> {
    const { value } = this;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    throw wrong(this.path, 'an object', value);
  }

  list(): Place[] {
    if (!Array.isArray(this.value)) throw wrong(this.path, 'a list', this.value);
    return this.value.map((item: unknown, index) => new Place(item, `${this.path}[${index}]`));
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value.length > 1000) throw wrong(this.path, 'a text', this.value);
    return this.value;
  }

  number(low: number, high: number): number {
    const { value } = this;
    if (typeof value === 'number' && value >= low && value <= high) return value;
    throw wrong(this.path, `a number from ${low} to ${high}`, value);
  }

  count(): number {
    const value = this.number(0, Number.MAX_SAFE_INTEGER);
    if (!Number.isInteger(value)) throw wrong(this.path, 'a whole number', value);
    return value;
  }
}

function wrong(path: string, expected: string, found: unknown): GuidanceModelError {
  const shown = typeof found === 'number' ? String(found) : (JSON.stringify(found) ?? 'nothing').slice(0, 60);
  const where = path === '' ? 'the file' : path;
  return new GuidanceModelError(
    'guidance.malformed',
    `In the model ${where} must be ${expected}, found ${shown}`,
    TRAIN_AGAIN,
    {
      at: path,
    },
  );
}
