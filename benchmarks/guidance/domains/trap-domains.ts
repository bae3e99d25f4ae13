import { Chance } from './chance';
import type { GeneratedDomain } from './problem-text';
import { named, problemText } from './problem-text';

/** Rooms on a ring with a few doors across it. */
function ring(rooms: readonly string[], chance: Chance): string[] {
  const pairs = rooms.map((room, i) => [room, rooms[(i + 1) % rooms.length] ?? room]);
  for (let extra = 0; extra < rooms.length / 4; extra += 1) pairs.push([chance.pick(rooms), chance.pick(rooms)]);
  const words = pairs.filter(([a, b]) => a !== b).flatMap(([a, b]) => [`(door ${a} ${b})`, `(door ${b} ${a})`]);
  return [...new Set(words)];
}

/**
 * Bridges that break behind whoever crosses them: in small problems the nearest island with a parcel is the right one, in large ones
 * it leads into a corner from which nothing is reached any more. What is learned from small ones punishes.
 */
const bridges: GeneratedDomain = {
  name: 'bridges',
  domain: `(define (domain bridges)
  (:requirements :strips :typing)
  (:types island parcel)
  (:predicates (bridge ?a ?b - island) (here ?i - island) (lies ?p - parcel ?i - island) (got ?p - parcel))
  (:action cross :parameters (?a ?b - island) :precondition (and (here ?a) (bridge ?a ?b))
    :effect (and (here ?b) (not (here ?a)) (not (bridge ?a ?b)) (not (bridge ?b ?a))))
  (:action pick :parameters (?p - parcel ?i - island) :precondition (and (here ?i) (lies ?p ?i))
    :effect (and (got ?p) (not (lies ?p ?i)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const islands = named('i', 3 + size);
    const parcels = named('p', 1 + Math.ceil(size * 0.7));
    const walk = [islands[0] ?? 'i1'];
    const used = new Set<string>();
    for (let step = 0; step < 3 * islands.length; step += 1) {
      const at = walk.at(-1) ?? 'i1';
      const free = islands.filter((other) => other !== at && !used.has([at, other].sort().join()));
      if (free.length === 0) break;
      const next = chance.next() < 0.7 ? (free[0] ?? at) : chance.pick(free);
      used.add([at, next].sort().join());
      walk.push(next);
      if (walk.length > islands.length + 2 + chance.below(size)) break;
    }
    const bridgesOf = [...used].map((pair) => pair.split(','));
    const init = [
      `(here ${walk[0]})`,
      ...bridgesOf.flatMap(([a, b]) => [`(bridge ${a} ${b})`, `(bridge ${b} ${a})`]),
      ...parcels.map((parcel) => `(lies ${parcel} ${chance.pick(walk)})`),
    ];
    const goal = parcels.map((parcel) => `(got ${parcel})`);
    return problemText({
      domain: 'bridges',
      name: `bridges-${size}-${seed}`,
      objects: { island: islands, parcel: parcels },
      init,
      goal,
    });
  },
};

/**
 * Keys and doors with a single hand, and a seal that the key in the hand decides: the action that is right in most training states
 * (taking what lies here) fills the hand with the wrong key on a wide plateau in larger problems.
 */
const keys: GeneratedDomain = {
  name: 'keys',
  domain: `(define (domain keys)
  (:requirements :strips :typing)
  (:types room key box)
  (:predicates (door ?a ?b - room) (here ?r - room) (lies ?k - key ?r - room) (held ?k - key) (free)
    (opens ?k - key ?b - box) (stands ?b - box ?r - room) (open ?b - box) (hides ?b - box ?k - key) (worn ?k - key))
  (:action walk :parameters (?a ?b - room) :precondition (and (here ?a) (door ?a ?b))
    :effect (and (here ?b) (not (here ?a))))
  (:action take :parameters (?k - key ?r - room) :precondition (and (here ?r) (lies ?k ?r) (free))
    :effect (and (held ?k) (not (lies ?k ?r)) (not (free))))
  (:action drop :parameters (?k - key ?r - room) :precondition (and (here ?r) (held ?k))
    :effect (and (lies ?k ?r) (not (held ?k)) (free)))
  (:action unlock :parameters (?k - key ?b - box ?r - room)
    :precondition (and (here ?r) (held ?k) (stands ?b ?r) (opens ?k ?b))
    :effect (and (open ?b)))
  (:action empty :parameters (?b - box ?k - key ?r - room)
    :precondition (and (here ?r) (stands ?b ?r) (open ?b) (hides ?b ?k))
    :effect (and (lies ?k ?r) (not (hides ?b ?k)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const rooms = named('r', 3 + Math.ceil(size * 0.8));
    const boxes = named('b', 1 + Math.ceil(size * 0.6));
    const keyNames = named('k', boxes.length + Math.ceil(size / 3));
    const hidden = boxes.map((_, i) => i > 0 && chance.next() < 0.6);
    const init = [
      `(here ${chance.pick(rooms)})`,
      '(free)',
      ...ring(rooms, chance),
      ...boxes.flatMap((box, i) => [`(stands ${box} ${chance.pick(rooms)})`, `(opens ${keyNames[i]} ${box})`]),
      ...keyNames.map((key, i) =>
        hidden[i] ? `(hides ${boxes[chance.below(i)]} ${key})` : `(lies ${key} ${chance.pick(rooms)})`,
      ),
    ];
    const goal = boxes.filter((_, i) => i === boxes.length - 1 || chance.next() < 0.6).map((box) => `(open ${box})`);
    return problemText({
      domain: 'keys',
      name: `keys-${size}-${seed}`,
      objects: { room: rooms, key: keyNames, box: boxes },
      init,
      goal,
    });
  },
};

/**
 * Sliding tiles: every tile that is brought home has to leave again for the next one, so that the preference for bringing tiles home,
 * right in most states of small problems, runs into plateaus.
 */
const tiles: GeneratedDomain = {
  name: 'tiles',
  domain: `(define (domain tiles)
  (:requirements :strips :typing)
  (:types tile cell)
  (:predicates (next ?a ?b - cell) (on ?t - tile ?c - cell) (hole ?c - cell))
  (:action slide :parameters (?t - tile ?a ?b - cell) :precondition (and (on ?t ?a) (hole ?b) (next ?a ?b))
    :effect (and (on ?t ?b) (hole ?a) (not (on ?t ?a)) (not (hole ?b)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const width = size < 7 ? 3 : 4;
    const height = size < 3 ? 2 : 3;
    const count = width * height;
    const near = (cell: number): number[] =>
      [cell - width, cell + width, cell % width > 0 ? cell - 1 : -1, cell % width < width - 1 ? cell + 1 : -1].filter(
        (other) => other >= 0 && other < count,
      );
    const board = Array.from({ length: count }, (_, cell) => cell);
    let hole = 0;
    for (let step = 0; step < 6 + 5 * size; step += 1) {
      const from = chance.pick(near(hole));
      [board[hole], board[from]] = [board[from] ?? 0, board[hole] ?? 0];
      hole = from;
    }
    const cells = named('c', count);
    const init = [
      `(hole ${cells[hole]})`,
      ...board.flatMap((tile, cell) => (tile === 0 ? [] : [`(on t${tile} ${cells[cell]})`])),
      ...cells.flatMap((cell, at) => near(at).map((other) => `(next ${cell} ${cells[other]})`)),
    ];
    const goal = named('t', count - 1).map((tile, at) => `(on ${tile} ${cells[at + 1]})`);
    return problemText({
      domain: 'tiles',
      name: `tiles-${size}-${seed}`,
      objects: { tile: named('t', count - 1), cell: cells },
      init,
      goal,
    });
  },
};

/**
 * Jugs of paint that are used up: each wall takes any paint, or a certain one, and small problems have plenty. Painting at once, which is
 * always right there, uses up what another wall needs in larger ones, and nothing brings it back.
 */
const paints: GeneratedDomain = {
  name: 'paints',
  domain: `(define (domain paints)
  (:requirements :strips :typing)
  (:types wall jug)
  (:predicates (full ?j - jug) (suits ?j - jug ?w - wall) (bare ?w - wall) (done ?w - wall) (ready ?w - wall) (beside ?w ?v - wall)
    (at-wall ?w - wall))
  (:action step :parameters (?w ?v - wall) :precondition (and (at-wall ?w) (beside ?w ?v))
    :effect (and (at-wall ?v) (not (at-wall ?w))))
  (:action scrape :parameters (?w - wall) :precondition (and (at-wall ?w) (bare ?w))
    :effect (and (ready ?w) (not (bare ?w))))
  (:action paint :parameters (?w - wall ?j - jug) :precondition (and (at-wall ?w) (ready ?w) (full ?j) (suits ?j ?w))
    :effect (and (done ?w) (not (ready ?w)) (not (full ?j)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const walls = named('w', 2 + size);
    const spare = size <= 4 ? 3 : 0;
    const jugs = named('j', walls.length + spare);
    const own = chance.shuffled(jugs).slice(0, walls.length);
    const suits = walls.flatMap((wall, i) =>
      jugs.filter((jug) => jug === own[i] || chance.next() < 0.35).map((jug) => `(suits ${jug} ${wall})`),
    );
    const beside = walls
      .slice(1)
      .flatMap((wall, i) => [`(beside ${walls[i]} ${wall})`, `(beside ${wall} ${walls[i]})`]);
    const init = [
      `(at-wall ${chance.pick(walls)})`,
      ...walls.map((wall) => `(bare ${wall})`),
      ...jugs.map((jug) => `(full ${jug})`),
      ...beside,
      ...suits,
    ];
    const goal = walls.map((wall) => `(done ${wall})`);
    return problemText({
      domain: 'paints',
      name: `paints-${size}-${seed}`,
      objects: { wall: walls, jug: jugs },
      init,
      goal,
    });
  },
};

/** Domains in which what is learned from small problems is wrong in larger ones, or leads where it is hard to get out. */
export const TRAP_DOMAINS: readonly GeneratedDomain[] = [bridges, keys, tiles, paints];
