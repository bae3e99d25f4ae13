import { Chance } from './chance';
import type { GeneratedDomain } from './problem-text';
import { named, problemText } from './problem-text';

interface Cell {
  readonly x: number;
  readonly y: number;
}

const cellName = ({ x, y }: Cell): string => `c${x}-${y}`;

function cells(width: number, height: number): Cell[] {
  return Array.from({ length: width * height }, (_, index) => ({ x: index % width, y: Math.floor(index / width) }));
}

const SIDES = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] } as const;

/** A robot walks over every field of a park. */
const park: GeneratedDomain = {
  name: 'park',
  domain: `(define (domain park)
  (:requirements :strips :typing)
  (:types field)
  (:predicates (next ?a ?b - field) (here ?f - field) (seen ?f - field))
  (:action go :parameters (?a ?b - field) :precondition (and (here ?a) (next ?a ?b))
    :effect (and (here ?b) (not (here ?a)) (seen ?b))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const all = cells(2 + Math.ceil(size / 2), 2 + Math.floor(size / 2));
    const names = new Set(all.map(cellName));
    const start = chance.pick(all);
    const next = all.flatMap((cell) =>
      Object.values(SIDES).flatMap(([dx, dy]) => {
        const other = cellName({ x: cell.x + dx, y: cell.y + dy });
        return names.has(other) ? [`(next ${cellName(cell)} ${other})`] : [];
      }),
    );
    const wanted = all.filter((cell) => cell !== start && chance.next() < 0.8);
    const init = [`(here ${cellName(start)})`, `(seen ${cellName(start)})`, ...next];
    const goal = (wanted.length > 0 ? wanted : all).map((cell) => `(seen ${cellName(cell)})`);
    return problemText({ domain: 'park', name: `park-${size}-${seed}`, objects: { field: [...names] }, init, goal });
  },
};

/** Robots paint a floor in two colours, always the tile above or below, and never walk on paint: dead ends. */
const painting: GeneratedDomain = {
  name: 'painting',
  domain: `(define (domain painting)
  (:requirements :strips :typing)
  (:types robot tile colour)
  (:predicates (robot-at ?r - robot ?t - tile) (up ?a ?b - tile) (right ?a ?b - tile) (clear ?t - tile)
    (painted ?t - tile ?c - colour) (has ?r - robot ?c - colour) (available ?c - colour))
  (:action change :parameters (?r - robot ?c ?d - colour) :precondition (and (has ?r ?c) (available ?d))
    :effect (and (not (has ?r ?c)) (has ?r ?d)))
  (:action paint-up :parameters (?r - robot ?y ?x - tile ?c - colour)
    :precondition (and (has ?r ?c) (robot-at ?r ?x) (up ?y ?x) (clear ?y))
    :effect (and (not (clear ?y)) (painted ?y ?c)))
  (:action paint-down :parameters (?r - robot ?y ?x - tile ?c - colour)
    :precondition (and (has ?r ?c) (robot-at ?r ?x) (up ?x ?y) (clear ?y))
    :effect (and (not (clear ?y)) (painted ?y ?c)))
  (:action go-up :parameters (?r - robot ?x ?y - tile) :precondition (and (robot-at ?r ?x) (up ?y ?x) (clear ?y))
    :effect (and (robot-at ?r ?y) (not (robot-at ?r ?x)) (clear ?x) (not (clear ?y))))
  (:action go-down :parameters (?r - robot ?x ?y - tile) :precondition (and (robot-at ?r ?x) (up ?x ?y) (clear ?y))
    :effect (and (robot-at ?r ?y) (not (robot-at ?r ?x)) (clear ?x) (not (clear ?y))))
  (:action go-right :parameters (?r - robot ?x ?y - tile)
    :precondition (and (robot-at ?r ?x) (right ?y ?x) (clear ?y))
    :effect (and (robot-at ?r ?y) (not (robot-at ?r ?x)) (clear ?x) (not (clear ?y))))
  (:action go-left :parameters (?r - robot ?x ?y - tile)
    :precondition (and (robot-at ?r ?x) (right ?x ?y) (clear ?y))
    :effect (and (robot-at ?r ?y) (not (robot-at ?r ?x)) (clear ?x) (not (clear ?y)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const width = 2 + Math.floor(size / 3);
    const height = 2 + Math.floor((size + 1) / 3);
    const all = cells(width, height + 1);
    const robots = named('r', Math.min(width, 1 + Math.floor(size / 4)));
    const starts = chance.shuffled(all).slice(0, robots.length);
    const has = (x: number, y: number): boolean => x >= 0 && x < width && y >= 0 && y <= height;
    const init = [
      '(available white)',
      '(available black)',
      ...robots.flatMap((r, i) => [
        `(robot-at ${r} ${cellName(starts[i] ?? { x: 0, y: 0 })})`,
        `(has ${r} ${chance.pick(['white', 'black'])})`,
      ]),
      ...all.filter((cell) => !starts.includes(cell)).map((cell) => `(clear ${cellName(cell)})`),
      ...all.flatMap(({ x, y }) => [
        ...(has(x, y - 1) ? [`(up ${cellName({ x, y: y - 1 })} ${cellName({ x, y })})`] : []),
        ...(has(x + 1, y) ? [`(right ${cellName({ x: x + 1, y })} ${cellName({ x, y })})`] : []),
      ]),
    ];
    const goal = all
      .filter(({ y }) => y < height)
      .map((cell) => `(painted ${cellName(cell)} ${(cell.x + cell.y) % 2 === 0 ? 'white' : 'black'})`);
    const objects = { robot: robots, tile: all.map(cellName), colour: ['white', 'black'] };
    return problemText({ domain: 'painting', name: `painting-${size}-${seed}`, objects, init, goal });
  },
};

/** A keeper pushes boxes to marked fields: dead ends. The start is found by pulling boxes away from their marks. */
const boxes: GeneratedDomain = {
  name: 'boxes',
  domain: `(define (domain boxes)
  (:requirements :strips :typing)
  (:types field side box)
  (:predicates (next ?a ?b - field ?d - side) (keeper ?f - field) (box-at ?b - box ?f - field) (clear ?f - field))
  (:action walk :parameters (?a ?b - field ?d - side) :precondition (and (keeper ?a) (clear ?b) (next ?a ?b ?d))
    :effect (and (keeper ?b) (not (keeper ?a)) (clear ?a) (not (clear ?b))))
  (:action push :parameters (?a ?b ?c - field ?d - side ?x - box)
    :precondition (and (keeper ?a) (box-at ?x ?b) (clear ?c) (next ?a ?b ?d) (next ?b ?c ?d))
    :effect (and (keeper ?b) (not (keeper ?a)) (clear ?a) (not (box-at ?x ?b)) (box-at ?x ?c) (not (clear ?c)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const side = 4 + Math.floor(size / 2);
    const all = cells(side, side).filter(() => chance.next() < 0.9);
    const byName = new Map(all.map((cell) => [cellName(cell), cell]));
    const pick = chance.shuffled(all);
    const count = Math.min(1 + Math.floor(size / 4), 4);
    const marks = pick.slice(0, count).map(cellName);
    const at = [...marks];
    let keeper = cellName(pick[count] ?? { x: 0, y: 0 });
    const isFree = (name: string): boolean => byName.has(name) && !at.includes(name);
    for (let step = 0; step < 60 * size; step += 1) {
      const [dx, dy] = chance.pick(Object.values(SIDES));
      const { x, y } = byName.get(keeper) ?? { x: 0, y: 0 };
      const ahead = cellName({ x: x + dx, y: y + dy });
      if (!isFree(ahead)) continue;
      const behind = at.indexOf(cellName({ x: x - dx, y: y - dy }));
      if (behind >= 0 && chance.next() < 0.7) at[behind] = keeper;
      keeper = ahead;
    }
    const names = named('x', count);
    const next = all.flatMap(({ x, y }) =>
      Object.entries(SIDES).flatMap(([name, [dx, dy]]) => {
        const other = cellName({ x: x + dx, y: y + dy });
        return byName.has(other) ? [`(next ${cellName({ x, y })} ${other} ${name})`] : [];
      }),
    );
    const init = [
      `(keeper ${keeper})`,
      ...names.map((box, i) => `(box-at ${box} ${at[i]})`),
      ...[...byName.keys()].filter((name) => name !== keeper && isFree(name)).map((name) => `(clear ${name})`),
      ...next,
    ];
    const goal = names.map((box, i) => `(box-at ${box} ${marks[i]})`);
    const objects = { field: [...byName.keys()], side: Object.keys(SIDES), box: names };
    return problemText({ domain: 'boxes', name: `boxes-${size}-${seed}`, objects, init, goal });
  },
};

export const GRID_DOMAINS: readonly GeneratedDomain[] = [park, painting, boxes];
