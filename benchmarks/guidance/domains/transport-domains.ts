import { Chance } from './chance';
import type { GeneratedDomain } from './problem-text';
import { named, problemText } from './problem-text';

/** A lift serves passengers. */
const lift: GeneratedDomain = {
  name: 'lift',
  domain: `(define (domain lift)
  (:requirements :strips :typing)
  (:types passenger floor)
  (:predicates (waits ?p - passenger ?f - floor) (wants ?p - passenger ?f - floor) (below ?a ?b - floor)
    (inside ?p - passenger) (done ?p - passenger) (cabin ?f - floor))
  (:action enter :parameters (?p - passenger ?f - floor)
    :precondition (and (cabin ?f) (waits ?p ?f)) :effect (and (inside ?p) (not (waits ?p ?f))))
  (:action leave :parameters (?p - passenger ?f - floor)
    :precondition (and (cabin ?f) (wants ?p ?f) (inside ?p)) :effect (and (done ?p) (not (inside ?p))))
  (:action rise :parameters (?a ?b - floor) :precondition (and (cabin ?a) (below ?a ?b))
    :effect (and (cabin ?b) (not (cabin ?a))))
  (:action sink :parameters (?a ?b - floor) :precondition (and (cabin ?a) (below ?b ?a))
    :effect (and (cabin ?b) (not (cabin ?a)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const floors = named('f', 3 + 2 * size);
    const passengers = named('p', size);
    const order = floors.flatMap((a, i) => floors.slice(i + 1).map((b) => `(below ${a} ${b})`));
    const trips = passengers.flatMap((p) => {
      const [from, to] = chance.shuffled(floors);
      return [`(waits ${p} ${from})`, `(wants ${p} ${to})`];
    });
    const init = [`(cabin ${chance.pick(floors)})`, ...trips, ...order];
    const goal = passengers.map((p) => `(done ${p})`);
    return problemText({
      domain: 'lift',
      name: `lift-${size}-${seed}`,
      objects: { passenger: passengers, floor: floors },
      init,
      goal,
    });
  },
};

/** A boat with room for one cart. */
const boat: GeneratedDomain = {
  name: 'boat',
  domain: `(define (domain boat)
  (:requirements :strips :typing :negative-preconditions)
  (:types cart pier)
  (:predicates (moored ?p - pier) (parked ?c - cart ?p - pier) (free) (aboard ?c - cart))
  (:action cross :parameters (?a ?b - pier) :precondition (and (moored ?a) (not (moored ?b)))
    :effect (and (moored ?b) (not (moored ?a))))
  (:action load :parameters (?c - cart ?p - pier) :precondition (and (parked ?c ?p) (moored ?p) (free))
    :effect (and (aboard ?c) (not (parked ?c ?p)) (not (free))))
  (:action unload :parameters (?c - cart ?p - pier) :precondition (and (aboard ?c) (moored ?p))
    :effect (and (parked ?c ?p) (free) (not (aboard ?c)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const piers = named('l', 4 + Math.ceil(size / 2));
    const carts = named('c', size);
    const init = [
      '(free)',
      `(moored ${chance.pick(piers)})`,
      ...carts.map((c) => `(parked ${c} ${chance.pick(piers)})`),
    ];
    const goal = carts.map((c) => `(parked ${c} ${chance.pick(piers)})`);
    return problemText({
      domain: 'boat',
      name: `boat-${size}-${seed}`,
      objects: { cart: carts, pier: piers },
      init,
      goal,
    });
  },
};

/** Vans with numbered room carry parcels along roads. */
const transport: GeneratedDomain = {
  name: 'transport',
  domain: `(define (domain transport)
  (:requirements :strips :typing)
  (:types place locatable size - object van parcel - locatable)
  (:predicates (road ?a ?b - place) (at ?x - locatable ?p - place) (in ?x - parcel ?v - van)
    (room ?v - van ?s - size) (next ?a ?b - size))
  (:action drive :parameters (?v - van ?a ?b - place) :precondition (and (at ?v ?a) (road ?a ?b))
    :effect (and (at ?v ?b) (not (at ?v ?a))))
  (:action pick :parameters (?v - van ?l - place ?p - parcel ?less ?more - size)
    :precondition (and (at ?v ?l) (at ?p ?l) (next ?less ?more) (room ?v ?more))
    :effect (and (not (at ?p ?l)) (in ?p ?v) (room ?v ?less) (not (room ?v ?more))))
  (:action drop :parameters (?v - van ?l - place ?p - parcel ?less ?more - size)
    :precondition (and (at ?v ?l) (in ?p ?v) (next ?less ?more) (room ?v ?less))
    :effect (and (not (in ?p ?v)) (at ?p ?l) (room ?v ?more) (not (room ?v ?less)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const places = named('l', 3 + size);
    const vans = named('v', 1 + Math.floor(size / 3));
    const parcels = named('p', size);
    const sizes = named('s', 1 + chance.between(1, 3));
    const roads = new Set<string>();
    const link = (a: string, b: string): void => void roads.add(`(road ${a} ${b})`).add(`(road ${b} ${a})`);
    places.slice(1).forEach((place, i) => link(place, chance.pick(places.slice(0, i + 1))));
    for (let extra = 0; extra < size; extra += 1) {
      const [a = '', b = ''] = chance.shuffled(places);
      link(a, b);
    }
    const init = [
      ...roads,
      ...sizes.slice(1).map((s, i) => `(next ${sizes[i]} ${s})`),
      ...vans.flatMap((v) => [`(at ${v} ${chance.pick(places)})`, `(room ${v} ${chance.pick(sizes.slice(1))})`]),
      ...parcels.map((p) => `(at ${p} ${chance.pick(places)})`),
    ];
    const goal = parcels.map((p) => `(at ${p} ${chance.pick(places)})`);
    const objects = { van: vans, parcel: parcels, place: places, size: sizes };
    return problemText({ domain: 'transport', name: `transport-${size}-${seed}`, objects, init, goal });
  },
};

/** Lorries in towns, planes between airports. */
const logistics: GeneratedDomain = {
  name: 'logistics',
  domain: `(define (domain logistics)
  (:requirements :strips :typing)
  (:types vehicle parcel - thing lorry plane - vehicle airport - place town)
  (:predicates (at ?x - thing ?p - place) (in ?x - parcel ?v - vehicle) (part ?p - place ?t - town))
  (:action drive :parameters (?v - lorry ?a ?b - place ?t - town)
    :precondition (and (at ?v ?a) (part ?a ?t) (part ?b ?t)) :effect (and (at ?v ?b) (not (at ?v ?a))))
  (:action fly :parameters (?v - plane ?a ?b - airport) :precondition (at ?v ?a)
    :effect (and (at ?v ?b) (not (at ?v ?a))))
  (:action load :parameters (?x - parcel ?v - vehicle ?p - place) :precondition (and (at ?v ?p) (at ?x ?p))
    :effect (and (in ?x ?v) (not (at ?x ?p))))
  (:action unload :parameters (?x - parcel ?v - vehicle ?p - place) :precondition (and (at ?v ?p) (in ?x ?v))
    :effect (and (at ?x ?p) (not (in ?x ?v)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const towns = named('t', 1 + Math.ceil(size / 2));
    const airports = towns.map((t) => `${t}air`);
    const places = towns.flatMap((t) => [`${t}a`, `${t}b`]);
    const all = [...airports, ...places];
    const lorries = towns.map((t) => `${t}lorry`);
    const planes = named('plane', 1 + Math.floor(size / 4));
    const parcels = named('x', size);
    const init = [
      ...all.map((place) => `(part ${place} ${towns.find((t) => place.replace(/(air|a|b)$/, '') === t)})`),
      ...lorries.map((lorry, i) => `(at ${lorry} ${chance.pick([`${towns[i]}a`, `${towns[i]}b`, `${towns[i]}air`])})`),
      ...planes.map((plane) => `(at ${plane} ${chance.pick(airports)})`),
      ...parcels.map((x) => `(at ${x} ${chance.pick(all)})`),
    ];
    const goal = parcels.map((x) => `(at ${x} ${chance.pick(all)})`);
    const objects = { town: towns, airport: airports, place: places, lorry: lorries, plane: planes, parcel: parcels };
    return problemText({ domain: 'logistics', name: `logistics-${size}-${seed}`, objects, init, goal });
  },
};

/** A robot with two hands carries balls from one room to others. */
const gripper: GeneratedDomain = {
  name: 'gripper',
  domain: `(define (domain gripper)
  (:requirements :strips :typing)
  (:types room ball hand)
  (:predicates (robot ?r - room) (at ?b - ball ?r - room) (idle ?h - hand) (carry ?b - ball ?h - hand))
  (:action move :parameters (?a ?b - room) :precondition (robot ?a) :effect (and (robot ?b) (not (robot ?a))))
  (:action pick :parameters (?b - ball ?r - room ?h - hand) :precondition (and (at ?b ?r) (robot ?r) (idle ?h))
    :effect (and (carry ?b ?h) (not (at ?b ?r)) (not (idle ?h))))
  (:action drop :parameters (?b - ball ?r - room ?h - hand) :precondition (and (carry ?b ?h) (robot ?r))
    :effect (and (at ?b ?r) (idle ?h) (not (carry ?b ?h)))))`,
  problem(size, seed) {
    const chance = new Chance(seed);
    const rooms = named('r', 2 + Math.floor(size / 4));
    const balls = named('b', size + 1);
    const init = [
      `(robot ${chance.pick(rooms)})`,
      ...['left', 'right'].map((hand) => `(idle ${hand})`),
      ...balls.map((b) => `(at ${b} ${chance.pick(rooms)})`),
    ];
    const goal = balls.map((b) => `(at ${b} ${chance.pick(rooms)})`);
    const objects = { room: rooms, ball: balls, hand: ['left', 'right'] };
    return problemText({ domain: 'gripper', name: `gripper-${size}-${seed}`, objects, init, goal });
  },
};

export const TRANSPORT_DOMAINS: readonly GeneratedDomain[] = [lift, boat, transport, logistics, gripper];
