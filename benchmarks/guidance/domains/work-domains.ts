import { Chance } from './chance';
import type { GeneratedDomain } from './problem-text';
import { named, problemText } from './problem-text';

/** Towers of blocks as facts. */
function towers(chance: Chance, blocks: readonly string[]): { on: string[]; table: string[]; clear: string[] } {
  const found = { on: [] as string[], table: [] as string[], clear: [] as string[] };
  const piles: string[][] = [];
  for (const block of chance.shuffled(blocks)) {
    const at = chance.below(piles.length + 1);
    const pile = piles[at];
    if (pile) pile.push(block);
    else piles.push([block]);
  }
  for (const pile of piles) {
    found.table.push(pile[0] ?? '');
    found.clear.push(pile.at(-1) ?? '');
    pile.slice(1).forEach((block, i) => found.on.push(`(on ${block} ${pile[i]})`));
  }
  return found;
}

/** A hand builds towers of blocks. */
const blocks: GeneratedDomain = {
  name: 'blocks',
  domain: `(define (domain blocks)
  (:requirements :strips)
  (:predicates (on ?x ?y) (on-table ?x) (clear ?x) (hand-empty) (holding ?x))
  (:action pick-up :parameters (?x) :precondition (and (clear ?x) (on-table ?x) (hand-empty))
    :effect (and (not (on-table ?x)) (not (clear ?x)) (not (hand-empty)) (holding ?x)))
  (:action put-down :parameters (?x) :precondition (holding ?x)
    :effect (and (not (holding ?x)) (clear ?x) (hand-empty) (on-table ?x)))
  (:action stack :parameters (?x ?y) :precondition (and (holding ?x) (clear ?y))
    :effect (and (not (holding ?x)) (not (clear ?y)) (clear ?x) (hand-empty) (on ?x ?y)))
  (:action unstack :parameters (?x ?y) :precondition (and (on ?x ?y) (clear ?x) (hand-empty))
    :effect (and (holding ?x) (clear ?y) (not (clear ?x)) (not (hand-empty)) (not (on ?x ?y)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const names = named('b', size + 1);
    const now = towers(chance, names);
    const then = towers(chance, names);
    const facts = (one: typeof now): string[] => [...one.on, ...one.table.map((b) => `(on-table ${b})`)];
    const init = ['(hand-empty)', ...facts(now), ...now.clear.map((b) => `(clear ${b})`)];
    const goal = facts(then);
    return problemText({ domain: 'blocks', name: `blocks-${size}-${seed}`, objects: { object: names }, init, goal });
  },
};

/** Satellites turn, warm up and calibrate instruments, and take pictures. */
const satellite: GeneratedDomain = {
  name: 'satellite',
  domain: `(define (domain satellite)
  (:requirements :strips :typing)
  (:types satellite direction instrument mode)
  (:predicates (aboard ?i - instrument ?s - satellite) (supports ?i - instrument ?m - mode)
    (pointing ?s - satellite ?d - direction) (power ?s - satellite) (on ?i - instrument) (ready ?i - instrument)
    (picture ?d - direction ?m - mode) (target ?i - instrument ?d - direction))
  (:action turn :parameters (?s - satellite ?to ?from - direction) :precondition (pointing ?s ?from)
    :effect (and (pointing ?s ?to) (not (pointing ?s ?from))))
  (:action switch-on :parameters (?i - instrument ?s - satellite) :precondition (and (aboard ?i ?s) (power ?s))
    :effect (and (on ?i) (not (ready ?i)) (not (power ?s))))
  (:action switch-off :parameters (?i - instrument ?s - satellite) :precondition (and (aboard ?i ?s) (on ?i))
    :effect (and (not (on ?i)) (power ?s)))
  (:action calibrate :parameters (?s - satellite ?i - instrument ?d - direction)
    :precondition (and (aboard ?i ?s) (target ?i ?d) (pointing ?s ?d) (on ?i)) :effect (ready ?i))
  (:action take :parameters (?s - satellite ?d - direction ?i - instrument ?m - mode)
    :precondition (and (ready ?i) (aboard ?i ?s) (supports ?i ?m) (on ?i) (pointing ?s ?d))
    :effect (picture ?d ?m)))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const satellites = named('s', 1 + Math.floor(size / 2));
    const directions = named('d', 3 + size);
    const modes = named('m', 1 + Math.min(4, Math.ceil(size / 2)));
    const init: string[] = [];
    const instruments = satellites.flatMap((s) => {
      init.push(`(power ${s})`, `(pointing ${s} ${chance.pick(directions)})`);
      return named(`${s}i`, chance.between(1, 2)).map((i) => {
        init.push(`(aboard ${i} ${s})`, `(target ${i} ${chance.pick(directions)})`);
        chance
          .shuffled(modes)
          .slice(0, chance.between(1, 2))
          .forEach((m) => init.push(`(supports ${i} ${m})`));
        return i;
      });
    });
    modes.forEach((m) => {
      const fact = `(supports ${chance.pick(instruments)} ${m})`;
      if (!init.some((one) => one.startsWith('(supports') && one.endsWith(` ${m})`))) init.push(fact);
    });
    const goal = chance
      .shuffled(directions)
      .slice(0, 1 + size)
      .map((d) => `(picture ${d} ${chance.pick(modes)})`);
    satellites.forEach((s) => chance.next() < 0.3 && goal.push(`(pointing ${s} ${chance.pick(directions)})`));
    const objects = { satellite: satellites, direction: directions, instrument: instruments, mode: modes };
    return problemText({ domain: 'satellite', name: `satellite-${size}-${seed}`, objects, init, goal });
  },
};

/** A man walks one way, picks up wrenches that break, and tightens nuts: dead ends. */
const wrench: GeneratedDomain = {
  name: 'wrench',
  domain: `(define (domain wrench)
  (:requirements :strips :typing)
  (:types place locatable - object man nut wrench - locatable)
  (:predicates (at ?x - locatable ?p - place) (carrying ?m - man ?w - wrench) (usable ?w - wrench)
    (link ?a ?b - place) (tight ?n - nut) (loose ?n - nut))
  (:action walk :parameters (?a ?b - place ?m - man) :precondition (and (at ?m ?a) (link ?a ?b))
    :effect (and (not (at ?m ?a)) (at ?m ?b)))
  (:action grab :parameters (?p - place ?w - wrench ?m - man) :precondition (and (at ?m ?p) (at ?w ?p))
    :effect (and (not (at ?w ?p)) (carrying ?m ?w)))
  (:action tighten :parameters (?p - place ?w - wrench ?m - man ?n - nut)
    :precondition (and (at ?m ?p) (at ?n ?p) (carrying ?m ?w) (usable ?w) (loose ?n))
    :effect (and (not (loose ?n)) (not (usable ?w)) (tight ?n))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const nuts = named('n', Math.max(1, Math.floor(size * (0.5 + chance.next() / 2))));
    const wrenches = named('w', size + 1);
    const places = ['shed', ...named('l', 2 + Math.ceil(size / 2)), 'gate'];
    const init = [
      '(at bob shed)',
      ...places.slice(1).map((p, i) => `(link ${places[i]} ${p})`),
      ...wrenches.flatMap((w) => [`(usable ${w})`, `(at ${w} ${chance.pick(places.slice(1, -1))})`]),
      ...nuts.flatMap((n) => [`(loose ${n})`, `(at ${n} gate)`]),
    ];
    const goal = nuts.map((n) => `(tight ${n})`);
    const objects = { man: ['bob'], place: places, wrench: wrenches, nut: nuts };
    return problemText({ domain: 'wrench', name: `wrench-${size}-${seed}`, objects, init, goal });
  },
};

/** Sandwiches, some without gluten, are made and carried to children: dead ends. */
const snack: GeneratedDomain = {
  name: 'snack',
  domain: `(define (domain snack)
  (:requirements :strips :typing)
  (:types child bread filling tray place sandwich)
  (:constants kitchen - place)
  (:predicates (bread-here ?b - bread) (filling-here ?f - filling) (pure-bread ?b - bread) (pure-filling ?f - filling)
    (made ?s - sandwich) (on-tray ?s - sandwich ?t - tray) (pure ?s - sandwich) (allergic ?c - child)
    (easy ?c - child) (served ?c - child) (sits ?c - child ?p - place) (at ?t - tray ?p - place)
    (unmade ?s - sandwich))
  (:action make-pure :parameters (?s - sandwich ?b - bread ?f - filling)
    :precondition (and (bread-here ?b) (filling-here ?f) (pure-bread ?b) (pure-filling ?f) (unmade ?s))
    :effect (and (not (bread-here ?b)) (not (filling-here ?f)) (made ?s) (pure ?s) (not (unmade ?s))))
  (:action make :parameters (?s - sandwich ?b - bread ?f - filling)
    :precondition (and (bread-here ?b) (filling-here ?f) (unmade ?s))
    :effect (and (not (bread-here ?b)) (not (filling-here ?f)) (made ?s) (not (unmade ?s))))
  (:action put :parameters (?s - sandwich ?t - tray) :precondition (and (made ?s) (at ?t kitchen))
    :effect (and (not (made ?s)) (on-tray ?s ?t)))
  (:action serve-pure :parameters (?s - sandwich ?c - child ?t - tray ?p - place)
    :precondition (and (sits ?c ?p) (allergic ?c) (on-tray ?s ?t) (at ?t ?p) (pure ?s))
    :effect (and (not (on-tray ?s ?t)) (served ?c)))
  (:action serve :parameters (?s - sandwich ?c - child ?t - tray ?p - place)
    :precondition (and (sits ?c ?p) (easy ?c) (on-tray ?s ?t) (at ?t ?p))
    :effect (and (not (on-tray ?s ?t)) (served ?c)))
  (:action move :parameters (?t - tray ?a ?b - place) :precondition (at ?t ?a)
    :effect (and (not (at ?t ?a)) (at ?t ?b))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const children = named('c', size + 1);
    const breads = named('b', size + 1);
    const fillings = named('f', size + 1);
    const trays = named('t', 1 + Math.floor(size / 3));
    const tables = named('p', chance.between(1, 3));
    const sandwiches = named('s', size + 1 + Math.ceil(size / 3));
    const allergic = children.map(() => chance.next() < 0.4);
    const pureCount = allergic.filter(Boolean).length;
    const init = [
      ...breads.map((b) => `(bread-here ${b})`),
      ...fillings.map((f) => `(filling-here ${f})`),
      ...chance
        .shuffled(breads)
        .slice(0, pureCount)
        .map((b) => `(pure-bread ${b})`),
      ...chance
        .shuffled(fillings)
        .slice(0, pureCount)
        .map((f) => `(pure-filling ${f})`),
      ...children.flatMap((c, i) => [
        allergic[i] ? `(allergic ${c})` : `(easy ${c})`,
        `(sits ${c} ${chance.pick(tables)})`,
      ]),
      ...trays.map((t) => `(at ${t} kitchen)`),
      ...sandwiches.map((s) => `(unmade ${s})`),
    ];
    const goal = children.map((c) => `(served ${c})`);
    const objects = {
      child: children,
      bread: breads,
      filling: fillings,
      tray: trays,
      place: tables,
      sandwich: sandwiches,
    };
    return problemText({ domain: 'snack', name: `snack-${size}-${seed}`, objects, init, goal });
  },
};

export const WORK_DOMAINS: readonly GeneratedDomain[] = [blocks, satellite, wrench, snack];
