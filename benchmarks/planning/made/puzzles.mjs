import { chance, domain, names, problem } from './lang.mjs';

/**
 * Post's correspondence problem as a partly ordered network: the same tiles must be laid for two words that are spelled side by side,
 * letter against letter; each word ends with the numbers of its tiles backwards.
 */
const tiles = {
  name: 'tiles-po',
  domain: (level) => {
    const dice = chance(level + 3);
    const count = [2, 2, 3, 3, 4, 5][level - 1];
    // a word is made first and cut in two ways, so that there is a solution: its tiles in their order
    const word = Array.from({ length: count * 3 }, () => 'ab'[dice.below(2)]);
    const cut = () => {
      const inner = Array.from({ length: word.length - 1 }, (_, index) => index + 1);
      const at = dice.shuffled(inner).slice(0, count - 1);
      const ends = [0, ...at, word.length].sort((x, y) => x - y);
      return ends.slice(1).map((end, index) => word.slice(ends[index], end));
    };
    const order = dice.shuffled(Array.from({ length: count }, (_, index) => index));
    const letters = ['a', 'b', ...order.map((tile) => `t${tile}`)];
    const side = (name) => {
      const parts = cut();
      return order.flatMap((tile) => {
        const spelled = parts[tile].map((letter) => `(${name}-${letter})`).join(' ');
        const laid = (label, middle) =>
          `(:method ${name}-${label}${tile} :parameters () :task (${name}) :ordered-subtasks (and ${spelled} ${middle}(${name}-t${tile})))`;
        return [laid('more', `(${name}) `), laid('last', '')];
      });
    };
    return domain('tiles', {
      types: 'nothing - object',
      variables: {},
      predicates: ['turn', ...letters.map((letter) => `has-${letter}`)].join(', '),
      tasks: 'top, bottom',
      methods: [],
      more: [...side('top'), ...side('bottom')].join('\n'),
      actions: letters.flatMap((letter) => [
        [`top-${letter}`, '(not (turn))', `(turn), (has-${letter})`],
        [`bottom-${letter}`, `(turn), (has-${letter})`, `(not (turn)), (not (has-${letter}))`],
      ]),
    });
  },
  problem: () =>
    problem('tiles', { objects: { nothing: ['none'] }, tasks: ['top', 'bottom'], order: '', init: [], goal: '!turn' }),
};

/** Satisfiability: a value is chosen for each variable by a task, clauses are checked by tasks that come afterwards. */
const clauses = {
  name: 'clauses',
  domain: domain('clauses', {
    types: 'variable clause - object',
    variables: { x: 'variable', c: 'clause' },
    predicates: 'yes x, no x, plus c x, minus c x, next x1 x2, next-clause c1 c2, last x, last-clause c, met c',
    tasks: 'choose x, value x, check c, meet c',
    methods: [
      ['choose-next', 'choose x1', 'next x1 x2', 'value x1, choose x2'],
      ['choose-last', 'choose x', 'last x', 'value x'],
      ['as-yes', 'value x', '', 'set-yes x'],
      ['as-no', 'value x', '', 'set-no x'],
      ['check-next', 'check c1', 'next-clause c1 c2', 'meet c1, check c2'],
      ['check-last', 'check c', 'last-clause c', 'meet c'],
      ['by-plus', 'meet c', 'plus c x', 'see-plus c x'],
      ['by-minus', 'meet c', 'minus c x', 'see-minus c x'],
    ],
    actions: [
      ['set-yes x', '', 'yes x'],
      ['set-no x', '', 'no x'],
      ['see-plus c x', 'plus c x, yes x', 'met c'],
      ['see-minus c x', 'minus c x, no x', 'met c'],
    ],
  }),
  problem(level) {
    const dice = chance(level + 9);
    const count = [4, 8, 14, 20, 28, 40][level - 1];
    const variables = names('x', count);
    const clauses = names('c', Math.round(count * 3.4));
    const truth = new Map(variables.map((one) => [one, dice.next() < 0.5]));
    const literals = clauses.flatMap((clause) => {
      for (;;) {
        const chosen = dice
          .shuffled(variables)
          .slice(0, 3)
          .map((one) => [one, dice.next() < 0.5]);
        if (chosen.some(([one, sign]) => truth.get(one) === sign)) {
          return chosen.map(([one, sign]) => `${sign ? 'plus' : 'minus'} ${clause} ${one}`);
        }
      }
    });
    const pairs = (list, word) => list.slice(1).map((one, index) => `${word} ${list[index]} ${one}`);
    return problem('clauses', {
      objects: { variable: variables, clause: clauses },
      tasks: ['choose x1', 'check c1'],
      init: [
        ...literals,
        ...pairs(variables, 'next'),
        ...pairs(clauses, 'next-clause'),
        `last ${variables.at(-1)}`,
        `last-clause ${clauses.at(-1)}`,
      ],
    });
  },
};

/** Lamps in a grid: pressing one turns its neighbours too (conditional effects); a walker presses or passes each. */
const lamps = {
  name: 'lamps',
  domain: domain('lamps', {
    types: 'lamp - object',
    variables: { a: 'lamp', b: 'lamp' },
    predicates: 'lit a, near a b, next a b, last a',
    tasks: 'walk a, decide a',
    methods: [
      ['onward', 'walk a', 'next a b', 'decide a, walk b'],
      ['arrive', 'walk a', 'last a', 'decide a, look'],
      ['touch', 'decide a', '', 'press a'],
      ['leave', 'decide a', '', ''],
    ],
    actions: [
      [
        'press a',
        '',
        '(forall (?b - lamp) (when (and (near ?a ?b) (lit ?b)) (not (lit ?b)))), (forall (?b - lamp) (when (and (near ?a ?b) (not (lit ?b))) (lit ?b)))',
      ],
      ['look', '(forall (?b - lamp) (not (lit ?b)))', ''],
    ],
  }),
  problem(level) {
    const dice = chance(level + 21);
    const [wide, high] = [
      [2, 2],
      [3, 2],
      [3, 3],
      [4, 3],
      [4, 4],
      [5, 4],
    ][level - 1];
    const all = names('l', wide * high);
    const near = (index) =>
      all
        .map((_, other) => other)
        .filter(
          (other) =>
            Math.abs((index % wide) - (other % wide)) + Math.abs(Math.floor(index / wide) - Math.floor(other / wide)) <
            2,
        );
    const lit = all.map(() => false);
    all.forEach((_, index) => {
      if (dice.next() < 0.5) for (const other of near(index)) lit[other] = !lit[other];
    });
    return problem('lamps', {
      objects: { lamp: all },
      tasks: ['walk l1'],
      init: [
        ...all.flatMap((one, index) => near(index).map((other) => `near ${one} ${all[other]}`)),
        ...all.filter((_, index) => lit[index]),
      ]
        .map((one) => (one.startsWith('near') ? one : `lit ${one}`))
        .concat(
          all.slice(1).map((one, index) => `next ${all[index]} ${one}`),
          [`last ${all.at(-1)}`],
        ),
    });
  },
};

/** Regions coloured one after the other, each unlike its neighbours: conditions over all things, dead ends seen late. */
const colours = {
  name: 'colours',
  domain: domain('colours', {
    types: 'region colour - object',
    variables: { r: 'region', c: 'colour' },
    predicates: 'beside r1 r2, has r c, next r1 r2, last r, checked r',
    tasks: 'paint-from r, paint r, check-from r',
    methods: [
      ['onward', 'paint-from r1', 'next r1 r2', 'paint r1, paint-from r2'],
      ['done', 'paint-from r', 'last r', 'paint r'],
      ['paint-it', 'paint r', '(forall (?o - region) (imply (beside ?r ?o) (not (has ?o ?c))))', 'brush r c'],
    ],
    actions: [['brush r c', '', 'has r c']],
  }),
  problem(level) {
    const dice = chance(level + 5);
    const count = [5, 10, 20, 35, 60, 100][level - 1];
    const regions = names('r', count);
    const hidden = new Map(regions.map((one) => [one, dice.below(4)]));
    const beside = new Set();
    for (let i = 0; i < count * 2; i += 1) {
      const [a, b] = [dice.below(count), dice.below(count)];
      if (Math.abs(a - b) < 8 && hidden.get(regions[a]) !== hidden.get(regions[b])) {
        beside.add(`beside ${regions[a]} ${regions[b]}`).add(`beside ${regions[b]} ${regions[a]}`);
      }
    }
    return problem('colours', {
      objects: { region: regions, colour: names('k', 4) },
      tasks: ['paint-from r1'],
      init: [
        ...beside,
        ...regions.slice(1).map((one, index) => `next ${regions[index]} ${one}`),
        `last ${regions.at(-1)}`,
      ],
    });
  },
};

/** Blocks by several arms, from goal facts: an endless loop over what is not yet as it should be. */
const arms = {
  name: 'arms',
  domain: domain('arms', {
    types: 'block arm - object',
    variables: { b: 'block', a: 'arm' },
    predicates:
      'on b1 b2, on-table b, clear b, holding a b, free a, goal-on b1 b2, goal-on-table b, goal-clear b, done b',
    tasks: 'achieve-all, mark-done b, move-up b1 b2, move-down b',
    methods: [
      ['mark-table', 'achieve-all', 'on-table b, goal-on-table b, !done b', 'mark b, achieve-all'],
      ['mark-on', 'achieve-all', 'on b1 b2, goal-on b1 b2, done b2, !done b1', 'mark b1, achieve-all'],
      [
        'stack-next',
        'achieve-all',
        '!done b1, goal-on b1 b2, done b2, clear b1, clear b2',
        'move-up b1 b2, achieve-all',
      ],
      ['to-table', 'achieve-all', '!done b1, goal-on-table b1, clear b1, on b1 b2', 'move-down b1, achieve-all'],
      ['out-of-way', 'achieve-all', '!done b1, clear b1, on b1 b2', 'move-down b1, achieve-all'],
      ['enough', 'achieve-all', '(forall (?x - block) (done ?x))', ''],
      ['up-from-table', 'move-up b1 b2', 'on-table b1, clear b1', 'pick-up a b1, stack a b1 b2'],
      ['up-from-block', 'move-up b1 b2', 'on b1 b3, clear b1', 'unstack a b1 b3, stack a b1 b2'],
      ['down', 'move-down b1', 'on b1 b2', 'unstack a b1 b2, put-down a b1'],
    ],
    actions: [
      ['mark b', '', 'done b'],
      ['pick-up a b', 'free a, on-table b, clear b', '!free a, !on-table b, !clear b, holding a b'],
      ['put-down a b', 'holding a b', 'free a, on-table b, clear b, !holding a b'],
      ['stack a b1 b2', 'holding a b1, clear b2', 'free a, on b1 b2, clear b1, !clear b2, !holding a b1'],
      ['unstack a b1 b2', 'free a, on b1 b2, clear b1', '!free a, !on b1 b2, !clear b1, clear b2, holding a b1'],
    ],
  }),
  problem(level) {
    const dice = chance(level + 60);
    const blocks = names('b', [4, 10, 25, 60, 120, 220][level - 1]);
    const towers = () => {
      const made = [];
      for (const block of dice.shuffled(blocks)) {
        if (made.length === 0 || dice.next() < 0.2) made.push([block]);
        else dice.pick(made).push(block);
      }
      return made;
    };
    const facts = (list, prefix) =>
      list.flatMap((tower) => [
        `${prefix}on-table ${tower[0]}`,
        `${prefix}clear ${tower.at(-1)}`,
        ...tower.slice(1).map((block, index) => `${prefix}on ${block} ${tower[index]}`),
      ]);
    const goal = towers();
    const owned = names('arm', 1 + level);
    return problem('arms', {
      objects: { block: blocks, arm: owned },
      tasks: ['achieve-all'],
      init: [...facts(towers(), ''), ...facts(goal, 'goal-'), ...owned.map((one) => `free ${one}`)],
      goal: facts(goal, '').join(', '),
    });
  },
};

export default [tiles, clauses, lamps, colours, arms];
