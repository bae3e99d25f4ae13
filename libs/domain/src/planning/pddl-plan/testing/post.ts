import type { Decomposition, GroundTask, HierarchicalPlan, PddlDomain, PddlProblem } from '../../pddl/model';
import { parseDomain } from '../../pddl/parse-domain';
import { parseProblem } from '../../pddl/parse-problem';
import { type PlanFinding } from '../finding';
import { parsePlan } from '../parse-plan';
import { validatePddlPlan } from '../validate-pddl-plan';

/** Parcels brought along a road by vans; every construct of HDDL that the validator must understand has its place. */
export const POST = `
(define (domain post)
  (:requirements :typing :hierarchy :equality :negative-preconditions :method-preconditions :conditional-effects
                 :universal-preconditions :existential-preconditions :derived-predicates :disjunctive-preconditions)
  (:types place - object van parcel - thing thing - object big - parcel)
  (:constants depot - place)
  (:predicates (at ?x - thing ?l - place) (in ?p - parcel ?v - van) (road ?a ?b - place)
               (joined ?a ?b - place) (lit ?l - place) (sealed ?x - (either van parcel)) (alarm))
  (:derived (joined ?a ?b - place) (or (road ?a ?b) (exists (?c - place) (and (road ?a ?c) (joined ?c ?b)))))
  (:task deliver :parameters (?p - parcel ?l - place))
  (:task get-to :parameters (?v - van ?l - place))
  (:task light-all :parameters ())
  (:task tidy :parameters ())
  (:task pick :parameters (?x - thing))
  (:method m-deliver
    :parameters (?p - parcel ?from ?to - place ?v - van)
    :task (deliver ?p ?to)
    :precondition (and (at ?p ?from) (not (= ?from ?to)))
    :ordered-subtasks (and (get-to ?v ?from) (load ?v ?from ?p) (get-to ?v ?to) (unload ?v ?to ?p)))
  (:method m-here
    :parameters (?v - van ?l - place)
    :task (get-to ?v ?l)
    :precondition (at ?v ?l)
    :ordered-subtasks ())
  (:method m-go
    :parameters (?v - van ?from ?via ?to - place)
    :task (get-to ?v ?to)
    :precondition (and (not (at ?v ?to)) (joined ?from ?to))
    :ordered-subtasks (and (drive ?v ?from ?via) (get-to ?v ?to)))
  (:method m-light
    :parameters (?a ?b ?free - place)
    :task (light-all)
    :precondition (not (lit ?free))
    :subtasks (and (one (light ?a)) (two (light ?b)) (last (inspect)))
    :ordering (and (< one last) (< two last))
    :constraints (not (= ?a ?b)))
  (:method m-tidy-none
    :parameters ()
    :task (tidy)
    :precondition (exists (?l - place) (lit ?l))
    :subtasks ())
  (:method m-pick-van
    :parameters (?v - van)
    :task (pick ?v)
    :subtasks (and (seal ?v)))
  (:action drive :parameters (?v - van ?a ?b - place)
    :precondition (and (at ?v ?a) (road ?a ?b))
    :effect (and (not (at ?v ?a)) (at ?v ?b)))
  (:action load :parameters (?v - van ?l - place ?p - parcel)
    :precondition (and (at ?v ?l) (at ?p ?l))
    :effect (and (not (at ?p ?l)) (in ?p ?v)))
  (:action unload :parameters (?v - van ?l - place ?p - parcel)
    :precondition (and (at ?v ?l) (in ?p ?v))
    :effect (and (not (in ?p ?v)) (at ?p ?l)))
  (:action light :parameters (?l - place)
    :precondition (not (lit ?l))
    :effect (and (lit ?l) (when (= ?l depot) (alarm))))
  (:action inspect :parameters ()
    :precondition (imply (alarm) (forall (?v - van) (sealed ?v)))
    :effect (forall (?l - place) (when (lit ?l) (not (lit ?l)))))
  (:action seal :parameters (?x - (either van parcel))
    :precondition (not (sealed ?x))
    :effect (sealed ?x)))`;

export const post = parseDomain(POST, 'post.hddl');

/** A road of three places with the depot at its end, two vans and two parcels. */
export function postProblem(network: string, goal = ''): PddlProblem {
  const text = `
  (define (problem p) (:domain post)
    (:objects a b - place v w - van p - parcel q - big)
    (:htn ${network})
    (:init (road a b) (road b a) (road b depot) (road depot b) (at v a) (at w depot) (at p b) (at q a))
    ${goal === '' ? '' : `(:goal ${goal})`})`;
  return parseProblem(text, post, 'p.hddl');
}

export function judge(problem: PddlProblem, text: string, domain: PddlDomain = post): readonly PlanFinding[] {
  return validatePddlPlan(domain, problem, parsePlan(text));
}

/** A road of so many places, and a valid plan that brings a parcel to and fro along it. */
export function longHaul(places: number, trips: number): { problem: PddlProblem; plan: HierarchicalPlan } {
  const names = ['depot', ...Array.from({ length: places - 1 }, (_, index) => `l${index}`)];
  const roads = names.slice(1).map((name, index) => `(road ${names[index]} ${name}) (road ${name} ${names[index]})`);
  const targets = Array.from({ length: trips }, (_, index) => (index % 2 === 0 ? places - 1 : 0));
  const problem = parseProblem(
    `(define (problem haul) (:domain post) (:objects ${names.slice(1).join(' ')} - place v - van p - parcel)
      (:htn :ordered-subtasks (and ${targets.map((to) => `(deliver p ${names[to]})`).join(' ')}))
      (:init (at v ${names[1]}) (at p depot) ${roads.join(' ')})
      (:goal (at p ${names[targets.at(-1) ?? 0]})))`,
    post,
  );
  return { problem, plan: new Haul(names).run(targets) };
}

/** Writes down the decompositions while it drives. */
class Haul {
  private next = 0;
  private van = 1;
  private parcel = 0;
  private readonly actions: { id: number; task: GroundTask }[] = [];
  private readonly decompositions: Decomposition[] = [];

  constructor(private readonly names: readonly string[]) {}

  run(targets: readonly number[]): HierarchicalPlan {
    const roots = targets.map((to) => this.deliver(to));
    return { actions: this.actions, roots, decompositions: this.decompositions };
  }

  private deliver(to: number): number {
    const from = this.parcel;
    const children = [this.getTo(from), this.act('load', 'v', this.name(from), 'p')];
    children.push(this.getTo(to), this.act('unload', 'v', this.name(to), 'p'));
    this.parcel = to;
    return this.decompose({ name: 'deliver', args: ['p', this.name(to)] }, 'm-deliver', children);
  }

  /** Written from the last step back: a long road is a deep tree. */
  private getTo(to: number): number {
    const drives: number[] = [];
    while (this.van !== to) {
      const on = this.van + Math.sign(to - this.van);
      drives.push(this.act('drive', 'v', this.name(this.van), this.name(on)));
      this.van = on;
    }
    const task = { name: 'get-to', args: ['v', this.name(to)] };
    return drives.reduceRight(
      (rest, drive) => this.decompose(task, 'm-go', [drive, rest]),
      this.decompose(task, 'm-here', []),
    );
  }

  private act(name: string, ...args: string[]): number {
    this.actions.push({ id: this.next, task: { name, args } });
    return this.next++;
  }

  private decompose(task: GroundTask, method: string, children: readonly number[]): number {
    this.decompositions.push({ id: this.next, task, method, children });
    return this.next++;
  }

  private name(place: number): string {
    return this.names[place] ?? '';
  }
}
