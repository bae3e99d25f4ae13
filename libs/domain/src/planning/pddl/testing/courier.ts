/** A small hierarchical domain that uses every construct of the language once. */
export const COURIER_DOMAIN = `; parcels on bikes and vans
(define (domain Courier)
  (:requirements :typing :hierarchy :equality :negative-preconditions :disjunctive-preconditions
    :universal-preconditions :existential-preconditions :conditional-effects :derived-predicates :action-costs)
  (:types bike van - vehicle
          vehicle parcel - thing
          van - locked
          thing locked - object
          town)
  (:constants Depot - town)
  (:predicates (at ?x - thing ?t - town) (in ?p - parcel ?v - vehicle) (road ?a ?b - town)
    (wet) (fragile ?p) (reach ?a ?b - town) (at ?x - (either bike van) ?t ?u - town))
  (:functions (total-cost) (distance ?a ?b - town) - number)
  (:derived (reach ?a ?b) (or (road ?a ?b) (exists (?c - town) (and (road ?a ?c) (reach ?c ?b)))))
  (:task deliver :parameters (?p - parcel ?to - town))
  (:task move :parameters (?v - vehicle ?to - town))
  (:task rest)
  (:method by-vehicle
    :parameters (?p - parcel ?from ?to - town ?v - vehicle)
    :task (deliver ?p ?to)
    :precondition (and (at ?p ?from) (not (= ?from ?to)))
    :subtasks (and (go (move ?v ?from)) (up (load ?p ?v ?from)) (on (move ?v ?to)) (off (unload ?p ?v ?to)))
    :ordering (and (< go up) (< up on) (on < off))
    :constraints (and (not (= ?from ?to)) (sortof ?v - van)))
  (:method stay :parameters (?v - vehicle ?to - town) :task (move ?v ?to) :precondition (at ?v ?to) :subtasks ())
  (:method ride :parameters (?v - vehicle ?a ?b - town) :task (move ?v ?b)
    :ordered-subtasks (and (move ?v ?a) (Drive ?v ?a ?b)))
  (:method nap :task (rest) :tasks (and))
  (:method home :parameters (?v - vehicle) :task (rest) :ordered-tasks (move ?v Depot)
    :constraints (not (sortof ?v - bike)))
  (:action Drive
    :parameters (?v - vehicle ?a ?b - town)
    :precondition (and (at ?v ?a) (road ?a ?b) (imply (wet) (not (= ?a ?b))) (forall (?p - parcel) (or (not (in ?p ?v)) (not (fragile ?p)))))
    :effect (and (not (at ?v ?a)) (at ?v ?b) (when (wet) (and (not (wet)))) (increase (total-cost) (distance ?a ?b))))
  (:action load :parameters (?p - parcel ?v - vehicle ?t - town)
    :precondition () :effect (and (in ?p ?v) (not (at ?p ?t)) (increase (total-cost) 2)))
  (:action unload :parameters (?p - parcel ?v - vehicle ?t - town)
    :effect (and (forall (?q - parcel) (when (in ?q ?v) (at ?q ?t))) (not (in ?p ?v))))
  (:action noop))
`;

export const COURIER_PROBLEM = `(define (problem Monday)
  (:domain courier)
  (:objects Box - parcel b1 - bike v1 - van north south - town)
  (:htn :parameters (?v - vehicle)
    :subtasks (and (deliver Box south) (t2 (move ?v north)))
    :ordering ()
    :constraints (not (= ?v b1)))
  (:init (at Box north) (at v1 DEPOT) (road depot north) (road north south) (not (wet)) (road depot north)
    (= (distance depot north) 3) (= (distance north south) 4.5) (= (total-cost) 0))
  (:goal (and (at box south)))
  (:metric minimize (total-cost)))
`;
