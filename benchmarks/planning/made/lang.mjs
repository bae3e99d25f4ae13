/**
 * A short way to write HDDL. Literals are separated by commas: `at t a, !free t, = a b`. Every bare word after the first is a
 * variable, whose type stands under its leading letters in `types`; `$x` is a constant or object. What begins with `(` is taken as
 * it stands.
 */

const split = (text) => {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    depth += char === '(' ? 1 : char === ')' ? -1 : 0;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
};

const term = (word) => (word.startsWith('$') ? word.slice(1) : `?${word}`);

/** Gives functions that write parts of a domain whose variables are typed by their leading letters. */
export function language(types) {
  const typed = (name) => {
    const type = types[/^[a-z]+/.exec(name)?.[0] ?? ''];
    if (!type) throw new Error(`no type for ${name}`);
    return `?${name} - ${type}`;
  };
  const atom = (text) => {
    if (text.startsWith('(')) return text;
    if (text.startsWith('!')) return `(not ${atom(text.slice(1).trim())})`;
    const [head, ...args] = text.split(/\s+/);
    return `(${[head, ...args.map(term)].join(' ')})`;
  };
  const all = (text) => `(and ${split(text).map(atom).join(' ')})`;
  const variables = (...texts) => [
    ...new Set(
      texts
        .flatMap(split)
        .filter((part) => !part.startsWith('('))
        .flatMap((part) => part.split(/\s+/).slice(1))
        .filter((word) => !word.startsWith('$')),
    ),
  ];
  const params = (names) => `(${names.map(typed).join(' ')})`;
  const words = (text) => text.split(/\s+/).slice(1);
  const network = (subtasks, order) => {
    if (order === 'then') return `:ordered-subtasks ${all(subtasks)}`;
    const named = split(subtasks).map((one, index) => `(s${index} ${atom(one)})`);
    const pairs = split(order ?? '').map((pair) => {
      const [before, after] = pair.split('<').map((one) => `s${one.trim()}`);
      return `(< ${before} ${after})`;
    });
    return `:subtasks (and ${named.join(' ')})${pairs.length > 0 ? ` :ordering (and ${pairs.join(' ')})` : ''}`;
  };
  return {
    task: (head) => `(:task ${head.split(/\s+/)[0]} :parameters ${params(words(head))})`,
    predicate: (head) => `(${[head.split(/\s+/)[0], ...words(head).map(typed)].join(' ')})`,
    /** @param order `then`: one after the other; `0<1,0<2`: these pairs of subtasks; absent: none */
    method: (name, head, needs, subtasks, order = 'then') => {
      const about = `(:method ${name} :parameters ${params(variables(head, needs, subtasks))} :task ${atom(head)}`;
      return `${about} ${needs === '' ? '' : `:precondition ${all(needs)}`} ${network(subtasks, order)})`;
    },
    action: (head, needs, effects) => {
      const about = `(:action ${head.split(/\s+/)[0]} :parameters ${params(words(head))}`;
      return `${about} ${needs === '' ? '' : `:precondition ${all(needs)}`} :effect ${all(effects)})`;
    },
    network,
  };
}

/** Text of a domain from its parts: heads of tasks and predicates, and lists of arguments of the language's functions. */
export function domain(name, { variables, types, constants = '', predicates, tasks, methods, actions, more = '' }) {
  const write = language(variables);
  const lines = [
    `(define (domain ${name})`,
    '(:requirements :typing :hierarchy :method-preconditions :negative-preconditions :equality)',
    `(:types ${types})`,
    constants && `(:constants ${constants})`,
    `(:predicates ${split(predicates).map(write.predicate).join(' ')})`,
    ...split(tasks).map(write.task),
    more,
    ...methods.map((one) => write.method(...one)),
    ...actions.map((one) => write.action(...one)),
  ];
  return `${lines.filter(Boolean).join('\n')}\n)\n`;
}

/**
 * Text of a problem.
 * @param objects lists of names by type
 * @param tasks heads whose words are all objects
 */
export function problem(name, { objects, tasks, init, order = 'then', goal = '' }) {
  const fixed = (text) => text.trim().replace(/\s+/g, ' $');
  const literals = (list) =>
    list.map((one) => (one.startsWith('!') ? `(not (${one.slice(1).trim()}))` : `(${one})`)).join(' ');
  const declared = Object.entries(objects).map(([type, names]) => `${names.join(' ')} - ${type}`);
  return `(define (problem p) (:domain ${name}) (:objects ${declared.join(' ')})
(:htn :parameters () ${language({}).network(tasks.map(fixed).join(','), order)})
(:init ${init.map((one) => `(${one})`).join('\n')})
${goal === '' ? '' : `(:goal (and ${literals(split(goal))}))`})\n`;
}

/** `names('box', 3)`: box1 box2 box3. */
export const names = (stem, count) => Array.from({ length: count }, (_, index) => `${stem}${index + 1}`);

/** Chance that can be repeated (mulberry32), with the picks that generators need. */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x = (x + Math.imul(x ^ (x >>> 7), x | 61)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  const pick = (list) => list[below(list.length)];
  const shuffled = (list) => {
    const made = [...list];
    for (let i = made.length - 1; i > 0; i -= 1) {
      const j = below(i + 1);
      [made[i], made[j]] = [made[j], made[i]];
    }
    return made;
  };
  return { next, below, pick, shuffled };
}

/** Edges, both ways, of a connected random graph: a tree and some more. */
export function roads(places, more, dice, predicate = 'road') {
  const edges = places.slice(1).map((place, index) => [place, places[dice.below(index + 1)]]);
  for (let i = 0; i < more; i += 1) edges.push([dice.pick(places), dice.pick(places)]);
  const kept = edges
    .filter(([a, b]) => a !== b)
    .flatMap(([a, b]) => [`${predicate} ${a} ${b}`, `${predicate} ${b} ${a}`]);
  return [...new Set(kept)];
}
