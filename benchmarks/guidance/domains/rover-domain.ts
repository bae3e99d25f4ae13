import { Chance } from './chance';
import type { GeneratedDomain } from './problem-text';
import { named, problemText } from './problem-text';

/** Rovers sample ground, photograph things and send what they found to a lander. */
export const rovers: GeneratedDomain = {
  name: 'rovers',
  domain: `(define (domain rovers)
  (:requirements :strips :typing)
  (:types rover point store camera mode lander thing)
  (:predicates (at ?r - rover ?p - point) (lander-at ?l - lander ?p - point) (way ?r - rover ?a ?b - point)
    (soil-kit ?r - rover) (rock-kit ?r - rover) (photo-kit ?r - rover) (empty ?s - store) (full ?s - store)
    (has-rock ?r - rover ?p - point) (has-soil ?r - rover ?p - point) (calibrated ?c - camera ?r - rover)
    (supports ?c - camera ?m - mode) (sees ?a ?b - point) (has-photo ?r - rover ?t - thing ?m - mode)
    (told-soil ?p - point) (told-rock ?p - point) (told-photo ?t - thing ?m - mode) (soil ?p - point)
    (rock ?p - point) (visible ?t - thing ?p - point) (store-of ?s - store ?r - rover)
    (target ?c - camera ?t - thing) (aboard ?c - camera ?r - rover))
  (:action drive :parameters (?r - rover ?a ?b - point) :precondition (and (way ?r ?a ?b) (at ?r ?a))
    :effect (and (not (at ?r ?a)) (at ?r ?b)))
  (:action dig :parameters (?r - rover ?s - store ?p - point)
    :precondition (and (at ?r ?p) (soil ?p) (soil-kit ?r) (store-of ?s ?r) (empty ?s))
    :effect (and (not (empty ?s)) (full ?s) (has-soil ?r ?p) (not (soil ?p))))
  (:action drill :parameters (?r - rover ?s - store ?p - point)
    :precondition (and (at ?r ?p) (rock ?p) (rock-kit ?r) (store-of ?s ?r) (empty ?s))
    :effect (and (not (empty ?s)) (full ?s) (has-rock ?r ?p) (not (rock ?p))))
  (:action tip :parameters (?r - rover ?s - store) :precondition (and (store-of ?s ?r) (full ?s))
    :effect (and (not (full ?s)) (empty ?s)))
  (:action calibrate :parameters (?r - rover ?c - camera ?t - thing ?p - point)
    :precondition (and (photo-kit ?r) (target ?c ?t) (at ?r ?p) (visible ?t ?p) (aboard ?c ?r))
    :effect (calibrated ?c ?r))
  (:action photograph :parameters (?r - rover ?p - point ?t - thing ?c - camera ?m - mode)
    :precondition (and (calibrated ?c ?r) (aboard ?c ?r) (photo-kit ?r) (supports ?c ?m) (visible ?t ?p) (at ?r ?p))
    :effect (and (has-photo ?r ?t ?m) (not (calibrated ?c ?r))))
  (:action send-soil :parameters (?r - rover ?l - lander ?p ?a ?b - point)
    :precondition (and (at ?r ?a) (lander-at ?l ?b) (has-soil ?r ?p) (sees ?a ?b)) :effect (told-soil ?p))
  (:action send-rock :parameters (?r - rover ?l - lander ?p ?a ?b - point)
    :precondition (and (at ?r ?a) (lander-at ?l ?b) (has-rock ?r ?p) (sees ?a ?b)) :effect (told-rock ?p))
  (:action send-photo :parameters (?r - rover ?l - lander ?t - thing ?m - mode ?a ?b - point)
    :precondition (and (at ?r ?a) (lander-at ?l ?b) (has-photo ?r ?t ?m) (sees ?a ?b)) :effect (told-photo ?t ?m)))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const points = named('w', 3 + size);
    const team = named('r', 1 + Math.floor(size / 3));
    const things = named('o', 1 + Math.ceil(size / 2));
    const modes = ['colour', 'high', 'low'];
    const init = [`(lander-at base ${points[0]})`];
    const sees = new Set<string>();
    const link = (a: string, b: string): void => void sees.add(`${a} ${b}`).add(`${b} ${a}`);
    points.slice(1).forEach((p, i) => link(p, chance.pick(points.slice(0, i + 1))));
    for (let extra = 0; extra < size; extra += 1) link(...(chance.shuffled(points).slice(0, 2) as [string, string]));
    sees.forEach((pair) => init.push(`(sees ${pair})`));
    team.forEach((r, i) => {
      const kits = ['soil-kit', 'rock-kit', 'photo-kit'].filter(() => i === 0 || chance.next() < 0.6);
      init.push(`(at ${r} ${chance.pick(points)})`, `(store-of ${r}s ${r})`, `(empty ${r}s)`, `(aboard ${r}c ${r})`);
      init.push(...kits.map((kit) => `(${kit} ${r})`), `(target ${r}c ${chance.pick(things)})`);
      init.push(...modes.filter(() => i === 0 || chance.next() < 0.6).map((m) => `(supports ${r}c ${m})`));
      sees.forEach((pair) => (i === 0 || chance.next() < 0.8) && init.push(`(way ${r} ${pair})`));
    });
    things.forEach((t) =>
      chance
        .shuffled(points)
        .slice(0, 1 + chance.below(3))
        .forEach((p) => init.push(`(visible ${t} ${p})`)),
    );
    const goal: string[] = [];
    for (const kind of ['soil', 'rock']) {
      const there = chance.shuffled(points).slice(0, 1 + Math.ceil(size / 2));
      there.forEach((p) => init.push(`(${kind} ${p})`));
      there.slice(0, Math.ceil(size / 2)).forEach((p) => goal.push(`(told-${kind} ${p})`));
    }
    things.slice(0, Math.ceil(size / 2)).forEach((t) => goal.push(`(told-photo ${t} ${chance.pick(modes)})`));
    const objects = {
      rover: team,
      point: points,
      store: team.map((r) => `${r}s`),
      camera: team.map((r) => `${r}c`),
      mode: modes,
      lander: ['base'],
      thing: things,
    };
    return problemText({ domain: 'rovers', name: `rovers-${size}-${seed}`, objects, init, goal });
  },
};
