import { Chance } from './chance';
import type { GeneratedDomain } from './problem-text';
import { named, problemText } from './problem-text';

/**
 * Keys that are used up by the door they open, carried one at a time. Small problems have keys to spare; in those larger than all
 * that is learned from there are as many as needed, and doors to empty rooms besides: opening what is near ends it all.
 */
const vault: GeneratedDomain = {
  name: 'vault',
  domain: `(define (domain vault)
  (:requirements :strips :typing)
  (:types room key colour coin)
  (:predicates (here ?r - room) (way ?a ?b - room) (locked ?a ?b - room ?c - colour) (of ?k - key ?c - colour)
    (lies ?k - key ?r - room) (held ?k - key) (free) (hidden ?c - coin ?r - room) (got ?c - coin))
  (:action walk :parameters (?a ?b - room) :precondition (and (here ?a) (way ?a ?b))
    :effect (and (here ?b) (not (here ?a))))
  (:action take :parameters (?k - key ?r - room) :precondition (and (here ?r) (lies ?k ?r) (free))
    :effect (and (held ?k) (not (lies ?k ?r)) (not (free))))
  (:action drop :parameters (?k - key ?r - room) :precondition (and (here ?r) (held ?k))
    :effect (and (lies ?k ?r) (free) (not (held ?k))))
  (:action unlock :parameters (?a ?b - room ?c - colour ?k - key)
    :precondition (and (here ?a) (locked ?a ?b ?c) (held ?k) (of ?k ?c))
    :effect (and (way ?a ?b) (way ?b ?a) (free) (not (held ?k)) (not (locked ?a ?b ?c))))
  (:action collect :parameters (?c - coin ?r - room) :precondition (and (here ?r) (hidden ?c ?r))
    :effect (and (got ?c) (not (hidden ?c ?r)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const isLarge = size > 9;
    const halls = named('r', 3 + Math.ceil(size / 3));
    const vaults = named('v', 1 + Math.ceil(size / 2));
    const empty = isLarge ? named('e', Math.ceil(size / 4)) : [];
    const colours = named('f', 1 + Math.ceil(size / 4));
    const coins = named('x', vaults.length);
    const colourOf = vaults.map(() => chance.pick(colours));
    const spare = isLarge ? 0 : 2;
    const keys = named('k', vaults.length + spare);
    const doors = vaults.map((room, i) => `(locked ${chance.pick(halls)} ${room} ${colourOf[i]})`);
    const init = [
      `(here ${halls[0]})`,
      '(free)',
      ...halls.slice(1).flatMap((room, i) => {
        const other = halls[chance.between(Math.max(0, i - 2), i)];
        return [`(way ${other} ${room})`, `(way ${room} ${other})`];
      }),
      ...doors,
      ...empty.map((room) => `(locked ${chance.pick(halls)} ${room} ${chance.pick(colourOf)})`),
      ...keys.flatMap((key, i) => [
        `(of ${key} ${colourOf[i] ?? chance.pick(colourOf)})`,
        `(lies ${key} ${i > 0 && chance.next() < 0.3 ? vaults[chance.below(Math.min(i, vaults.length))] : chance.pick(halls)})`,
      ]),
      ...coins.map((coin, i) => `(hidden ${coin} ${vaults[i]})`),
    ];
    const objects = { room: [...halls, ...vaults, ...empty], key: keys, colour: colours, coin: coins };
    return problemText({
      domain: 'vault',
      name: `vault-${size}-${seed}`,
      objects,
      init,
      goal: coins.map((coin) => `(got ${coin})`),
    });
  },
};

/** Vans that burn a level of fuel a road: tanks are large in small problems, so that driving straight is always right there. */
const fuel: GeneratedDomain = {
  name: 'fuel',
  domain: `(define (domain fuel)
  (:requirements :strips :typing)
  (:types town van parcel level)
  (:predicates (road ?a ?b - town) (at-town ?v - van ?t - town) (left ?v - van ?l - level) (less ?l ?m - level) (full ?v - van ?l - level)
    (pump ?t - town) (lies ?p - parcel ?t - town) (in ?p - parcel ?v - van) (room ?v - van))
  (:action drive :parameters (?v - van ?a ?b - town ?l ?m - level)
    :precondition (and (at-town ?v ?a) (road ?a ?b) (left ?v ?l) (less ?m ?l))
    :effect (and (at-town ?v ?b) (left ?v ?m) (not (at-town ?v ?a)) (not (left ?v ?l))))
  (:action refuel :parameters (?v - van ?t - town ?l ?f - level)
    :precondition (and (at-town ?v ?t) (pump ?t) (left ?v ?l) (full ?v ?f))
    :effect (and (left ?v ?f) (not (left ?v ?l))))
  (:action load :parameters (?p - parcel ?v - van ?t - town)
    :precondition (and (at-town ?v ?t) (lies ?p ?t) (room ?v)) :effect (and (in ?p ?v) (not (lies ?p ?t)) (not (room ?v))))
  (:action unload :parameters (?p - parcel ?v - van ?t - town)
    :precondition (and (at-town ?v ?t) (in ?p ?v)) :effect (and (lies ?p ?t) (room ?v) (not (in ?p ?v)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const towns = named('t', 3 + size);
    const vans = named('v', 1 + Math.floor(size / 6));
    const parcels = named('p', 1 + Math.ceil(size / 2));
    const tank = size > 9 ? 4 : 12;
    const levels = Array.from({ length: tank + 1 }, (_, i) => `n${i}`);
    // Pumps stand in every other town of a line, so that every town is near one; a few roads besides.
    const pairs = towns.slice(1).map((town, i) => [towns[i] ?? 't1', town]);
    for (let extra = 0; extra < size / 3; extra += 1) pairs.push([chance.pick(towns), chance.pick(towns)]);
    const roads = pairs.filter(([a, b]) => a !== b).flatMap(([a, b]) => [`(road ${a} ${b})`, `(road ${b} ${a})`]);
    const init = [
      ...new Set(roads),
      ...levels.slice(1).map((level, i) => `(less ${levels[i]} ${level})`),
      ...towns.filter((_, i) => i % 3 === 1).map((town) => `(pump ${town})`),
      ...vans.flatMap((van) => [
        `(at-town ${van} ${chance.pick(towns)})`,
        `(left ${van} n${Math.max(2, Math.floor(tank / 2))})`,
        `(full ${van} n${tank})`,
        `(room ${van})`,
      ]),
      ...parcels.map((parcel) => `(lies ${parcel} ${chance.pick(towns)})`),
    ];
    const goal = parcels.map((parcel) => `(lies ${parcel} ${chance.pick(towns)})`);
    const objects = { town: towns, van: vans, parcel: parcels, level: levels };
    return problemText({ domain: 'fuel', name: `fuel-${size}-${seed}`, objects, init, goal });
  },
};

/**
 * Bricks in stacks on numbered places. What is learned from is a biased sample: goals that only lay bare, with a free place for each
 * brick; larger problems ask for stacks in order and have two places to spare.
 */
const places: GeneratedDomain = {
  name: 'places',
  domain: `(define (domain places)
  (:requirements :strips :typing)
  (:types thing - object brick place - thing)
  (:predicates (on ?b - brick ?t - thing) (clear ?t - thing) (other ?b - brick ?t - thing))
  (:action move :parameters (?b - brick ?from ?to - thing)
    :precondition (and (on ?b ?from) (clear ?b) (clear ?to) (other ?b ?to))
    :effect (and (on ?b ?to) (clear ?from) (not (on ?b ?from)) (not (clear ?to)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const isLarge = size > 9;
    const bricks = named('b', 2 + size);
    const stacks = 1 + Math.ceil(size / 4);
    const all = named('s', isLarge ? stacks + 2 : stacks + bricks.length);
    const build = (): string[][] => {
      const made = chance.shuffled(all).map((place) => [place]);
      for (const brick of chance.shuffled(bricks)) made[chance.below(stacks)]?.push(brick);
      return made;
    };
    const on = (made: string[][]): string[] =>
      made.flatMap((stack) => stack.slice(1).map((brick, i) => `(on ${brick} ${stack[i]})`));
    const before = build();
    const init = [
      ...on(before),
      ...before.map((stack) => `(clear ${stack.at(-1)})`),
      ...bricks.flatMap((brick) =>
        [...bricks, ...all].filter((thing) => thing !== brick).map((thing) => `(other ${brick} ${thing})`),
      ),
    ];
    const after = isLarge ? build() : [];
    const bare = chance.shuffled(bricks).slice(0, Math.ceil(bricks.length / 2));
    const goal = isLarge ? on(after) : bare.map((brick) => `(clear ${brick})`);
    const objects = { brick: bricks, place: all };
    return problemText({ domain: 'places', name: `places-${size}-${seed}`, objects, init, goal });
  },
};

/** Domains in which what is learned from small problems misleads in larger ones than were seen in training, and only there. */
export const LATE_TRAPS: readonly GeneratedDomain[] = [vault, fuel, places];
