import { chance, domain, names, problem, roads } from './lang.mjs';

/** Planes with levels of fuel: journeys whose legs are chosen by recursion, slow or fast, and refuelled in between. */
const flights = {
  name: 'flights',
  domain: domain('flights', {
    types: 'plane person city level - object',
    variables: { a: 'plane', p: 'person', c: 'city', l: 'level' },
    predicates: 'at-plane a c, at-person p c, aboard p a, fuel a l, less l1 l2',
    tasks: 'bring p c, bring-plane a c, ready a l',
    methods: [
      ['already', 'bring p c', 'at-person p c', ''],
      [
        'by-plane',
        'bring p c2',
        'at-person p c1, != c1 c2',
        'bring-plane a c1, board p a c1, bring-plane a c2, leave p a c2',
      ],
      ['is-there', 'bring-plane a c', 'at-plane a c', ''],
      ['slowly', 'bring-plane a c2', 'at-plane a c1, fuel a l2, less l1 l2, != c1 c2', 'fly a c1 c2 l2 l1'],
      [
        'fast',
        'bring-plane a c2',
        'at-plane a c1, fuel a l3, less l2 l3, less l1 l2, != c1 c2',
        'zoom a c1 c2 l3 l2 l1',
      ],
      ['with-fuel', 'bring-plane a c2', 'at-plane a c1, fuel a l1, less l1 l2', 'refuel a c1 l1 l2, bring-plane a c2'],
    ],
    actions: [
      ['board p a c', 'at-person p c, at-plane a c', '!at-person p c, aboard p a'],
      ['leave p a c', 'aboard p a, at-plane a c', '!aboard p a, at-person p c'],
      [
        'fly a c1 c2 l2 l1',
        'at-plane a c1, fuel a l2, less l1 l2',
        '!at-plane a c1, at-plane a c2, !fuel a l2, fuel a l1',
      ],
      [
        'zoom a c1 c2 l3 l2 l1',
        'at-plane a c1, fuel a l3, less l2 l3, less l1 l2',
        '!at-plane a c1, at-plane a c2, !fuel a l3, fuel a l1',
      ],
      ['refuel a c l1 l2', 'at-plane a c, fuel a l1, less l1 l2', '!fuel a l1, fuel a l2'],
    ],
  }),
  problem(level) {
    const dice = chance(level);
    const cities = names('city', [3, 5, 8, 12, 20, 30][level - 1]);
    const people = names('person', [2, 5, 10, 20, 40, 70][level - 1]);
    const planes = names('plane', level);
    const levels = names('level', 6);
    return problem('flights', {
      objects: { plane: planes, person: people, city: cities, level: levels },
      tasks: people.map((one) => `bring ${one} ${dice.pick(cities)}`),
      init: [
        ...people.map((one) => `at-person ${one} ${dice.pick(cities)}`),
        ...planes.flatMap((one) => [`at-plane ${one} ${dice.pick(cities)}`, `fuel ${one} level1`]),
        ...levels.slice(1).map((one, index) => `less ${levels[index]} ${one}`),
      ],
    });
  },
};

const KINDS = ['bulky', 'liquid', 'granular', 'living', 'mail', 'cars', 'risky', 'precious'];

/** Haulage with a kind of vehicle, of loading and of road for each kind of freight: many methods, few that fit; partly ordered. */
const haulage = {
  name: 'haulage-po',
  domain: domain('haulage', {
    types: `${KINDS.join(' ')} - freight truck train plane - vehicle town station airport - place freight vehicle place crane - object`,
    variables: {
      f: 'freight',
      v: 'vehicle',
      x: 'place',
      e: 'crane',
      ...Object.fromEntries(KINDS.map((kind) => [`${kind}w`, kind])),
      truckw: 'truck',
      trainw: 'train',
      planew: 'plane',
    },
    predicates:
      'at f x, in f v, stands v x, road x1 x2, rail x1 x2, air x1 x2, fits f v, open v, clean v, fee f, permit f, guarded v, crane-at e x, warm v, delivered f, hub x',
    tasks: `ship f x, clear f, move f x1 x2, send v x, fill f v x, unfill f v x, ${KINDS.map((kind) => `prepare-${kind} ${kind}w v`).join(', ')}, prepare f v`,
    methods: [
      ['ship-it', 'ship f x2', 'at f x1', 'clear f, move f x1 x2, hand-out f x2', '0<2,1<2'],
      ['clear-both', 'clear f', '!fee f', 'pay f, allow f', ''],
      [
        'direct',
        'move f x1 x2',
        'fits f v',
        'send v x1, prepare f v, fill f v x1, send v x2, unfill f v x2',
        '0<2,1<2,2<3,3<4',
      ],
      [
        'by-hub',
        'move f x1 x2',
        'hub x3',
        'move-once f x1 x3, move f x3 x2'.replace('move-once f x1 x3', 'hop f x1 x3'),
        'then',
      ],
      ['send-there', 'send v x', 'stands v x', ''],
      ['send-truck', 'send truckw x2', '', 'drive truckw x1 x2'],
      ['send-truck-on', 'send truckw x2', 'road x1 x2', 'send truckw x1, drive truckw x1 x2', 'then'],
      ['send-train', 'send trainw x2', 'rail x1 x2', 'send trainw x1, ride trainw x1 x2', 'then'],
      ['send-plane', 'send planew x2', 'air x1 x2', 'fly planew x1 x2'],
      ['fill-plain', 'fill f v x', '', 'unlock v, load f v x, lock v', '0<1,1<2'],
      ['fill-crane', 'fill f v x', 'crane-at e x', 'unlock v, lift f v x e, lock v', '0<1,1<2'],
      ['unfill-plain', 'unfill f v x', '', 'unlock v, unload f v x, lock v', '0<1,1<2'],
      ['unfill-crane', 'unfill f v x', 'crane-at e x', 'unlock v, lower f v x e, lock v', '0<1,1<2'],
      ...KINDS.map((kind) => [`as-${kind}`, `prepare ${kind}w v`, '', `prepare-${kind} ${kind}w v`]),
      ...KINDS.map((kind, index) => {
        const steps = ['wash v', 'guard v', 'warm-up v'].filter((_, bit) => (index >> bit) & 1);
        return [`do-${kind}`, `prepare-${kind} ${kind}w v`, '', [...steps, `note ${kind}w`].join(', '), ''];
      }),
    ],
    more: '(:task hop :parameters (?f - freight ?a ?b - place)) (:method hop-it :parameters (?f - freight ?a ?b - place ?v - vehicle) :task (hop ?f ?a ?b) :precondition (fits ?f ?v) :subtasks (and (a (send ?v ?a)) (b (prepare ?f ?v)) (c (fill ?f ?v ?a)) (d (send ?v ?b)) (e (unfill ?f ?v ?b))) :ordering (and (< a c) (< b c) (< c d) (< d e)))',
    actions: [
      ['pay f', '!fee f', 'fee f'],
      ['allow f', '', 'permit f'],
      ['note f', '', 'permit f'],
      ['hand-out f x', 'at f x, fee f, permit f', 'delivered f'],
      ['drive truckw x1 x2', 'stands truckw x1, road x1 x2, !open truckw', '!stands truckw x1, stands truckw x2'],
      ['ride trainw x1 x2', 'stands trainw x1, rail x1 x2, !open trainw', '!stands trainw x1, stands trainw x2'],
      ['fly planew x1 x2', 'stands planew x1, air x1 x2, !open planew', '!stands planew x1, stands planew x2'],
      ['unlock v', '!open v', 'open v'],
      ['lock v', 'open v', '!open v'],
      ['load f v x', 'at f x, stands v x, open v, fits f v, permit f', '!at f x, in f v'],
      ['unload f v x', 'in f v, stands v x, open v', '!in f v, at f x'],
      ['lift f v x e', 'at f x, stands v x, open v, fits f v, crane-at e x', '!at f x, in f v'],
      ['lower f v x e', 'in f v, stands v x, open v, crane-at e x', '!in f v, at f x'],
      ['wash v', '', 'clean v'],
      ['guard v', '', 'guarded v'],
      ['warm-up v', '', 'warm v'],
    ],
  }),
  problem(level) {
    const dice = chance(level);
    const towns = names('town', [3, 4, 5, 7, 10, 14][level - 1]);
    const stations = names('station', 2);
    const airports = names('airport', 2);
    const vehicles = { truck: names('truck', 1 + (level >> 1)), train: names('train', 1), plane: names('plane', 1) };
    const count = [1, 2, 3, 5, 7, 10][level - 1];
    const freight = names('freight', count).map((name, index) => ({
      name,
      kind: KINDS[(index * 3 + level) % KINDS.length],
    }));
    const objects = { town: towns, station: stations, airport: airports, crane: names('crane', 1), ...vehicles };
    for (const { name, kind } of freight) objects[kind] = [...(objects[kind] ?? []), name];
    return problem('haulage', {
      objects,
      tasks: freight.map(({ name }) => `ship ${name} ${dice.pick(towns)}`),
      order: '',
      init: [
        ...roads([...towns, ...stations, ...airports], level, dice),
        'rail station1 station2',
        'rail station2 station1',
        'air airport1 airport2',
        'air airport2 airport1',
        'hub station1',
        'hub airport1',
        `crane-at crane1 ${towns[0]}`,
        ...freight.flatMap(({ name }) => [
          `at ${name} ${dice.pick(towns)}`,
          ...vehicles.truck.map((one) => `fits ${name} ${one}`),
          `fits ${name} train1`,
        ]),
        ...vehicles.truck.map((one) => `stands ${one} ${dice.pick(towns)}`),
        'stands train1 station2',
        'stands plane1 airport2',
      ],
    });
  },
};

/**
 * What was somebody up to? The tasks that could explain observations are methods of one open task, and the actions seen must come in
 * their order: each has a copy that counts up. The network says little, the goal says it at the end.
 */
const recognition = (isOrdered) => ({
  name: isOrdered ? 'recognition' : 'recognition-po',
  domain: domain('recognition', {
    types: 'person truck crew - unit unit place thing count - object',
    variables: { p: 'person', t: 'truck', w: 'crew', u: 'unit', x: 'place', o: 'thing', n: 'count' },
    predicates:
      'at u x, road x1 x2, blocked x1 x2, hurt p, helped p, in p t, snowy x, cleared x, dark x, lit x, has w o, store o x, seen n, next n1 n2, kind-is o, trouble x, set-up w x, calm x',
    tasks:
      'top, rescue p, fix-light x, plough x, calm-down x, clear-tree x1 x2, get-to u x, fetch w o, load-up p t, watch n',
    methods: [
      ['top-rescue', 'top', 'hurt p', 'rescue p'],
      ['top-light', 'top', 'dark x', 'fix-light x'],
      ['top-plough', 'top', 'snowy x', 'plough x'],
      ['top-calm', 'top', 'trouble x', 'calm-down x'],
      ['top-tree', 'top', 'blocked x1 x2', 'clear-tree x1 x2'],
      ['rescue-drive', 'rescue p', 'at p x', `get-to t x, load-up p t, get-to t $hospital, treat p t`],
      ['rescue-walk', 'rescue p', '', 'get-to p $hospital, cure p'],
      ['light-fix', 'fix-light x', '', 'fetch w o, get-to w x, mend w o x'],
      ['light-by-pass', 'fix-light x', '', 'get-to w x, shut-off w x, fetch w o, get-to w x, mend w o x'],
      ['plough-it', 'plough x', '', 'get-to t x, scrape t x'],
      ['plough-salt', 'plough x', '', 'get-to t $depot, take-salt t, get-to t x, scrape t x'],
      ['calm-talk', 'calm-down x', '', 'get-to w x, talk w x'],
      ['calm-fence', 'calm-down x', '', 'fetch w o, get-to w x, fence w o x, talk w x'],
      ['tree-cut', 'clear-tree x1 x2', '', 'fetch w o, get-to w x1, cut w o x1 x2'],
      ['tree-plough', 'clear-tree x1 x2', '', 'get-to t x1, shove t x1 x2'],
      ['is-at', 'get-to u x', 'at u x', ''],
      ['go-on', 'get-to u x3', 'at u x1, != x1 x3, road x1 x2, !blocked x1 x2', 'go u x1 x2, get-to u x3'],
      [
        'go-seen',
        'get-to u x3',
        'at u x1, != x1 x3, road x1 x2, !blocked x1 x2',
        'go-observed u x1 x2 n1 n2, get-to u x3',
      ],
      ['has-it', 'fetch w o', 'has w o', ''],
      ['get-it', 'fetch w o', 'store o x', 'get-to w x, take w o x'],
      ['get-it-seen', 'fetch w o', 'store o x', 'get-to w x, take-observed w o x n1 n2'],
      ['load-person', 'load-up p t', 'at p x', 'pick-up p t x'],
      ['load-person-seen', 'load-up p t', 'at p x', 'pick-up-observed p t x n1 n2'],
    ].map((one) =>
      isOrdered || one[3].split(',').length < 2 || one[0].startsWith('go-')
        ? one
        : [
            ...one,
            one[3]
              .split(',')
              .slice(1)
              .map((_, i) => `${i}<${i + 1}`)
              .join(','),
          ],
    ),
    constants: 'hospital depot - place',
    actions: [
      ...[
        ['go u x1 x2', 'at u x1, road x1 x2', '!at u x1, at u x2'],
        ['take w o x', 'at w x, store o x', 'has w o, !store o x'],
        ['pick-up p t x', 'at p x, at t x', '!at p x, in p t'],
      ].flatMap(([head, needs, gives]) => [
        [head, needs, gives],
        [
          `${head.replace(' ', '-observed ')} n1 n2`,
          `${needs}, seen n1, next n1 n2, ${head.startsWith('go') ? 'saw-go u x1 x2 n2' : head.startsWith('take') ? 'saw-take w o n2' : 'saw-load p n2'}`,
          `${gives}, !seen n1, seen n2`,
        ],
      ]),
      ['treat p t', 'in p t, at t $hospital', 'helped p, !hurt p'],
      ['cure p', 'at p $hospital', 'helped p, !hurt p'],
      ['mend w o x', 'at w x, has w o, dark x', 'lit x, !dark x'],
      ['shut-off w x', 'at w x', 'set-up w x'],
      ['take-salt t', 'at t $depot', 'at t $depot'],
      ['scrape t x', 'at t x, snowy x', 'cleared x, !snowy x'],
      ['talk w x', 'at w x, trouble x', 'calm x, !trouble x'],
      ['fence w o x', 'at w x, has w o', 'set-up w x'],
      ['cut w o x1 x2', 'at w x1, has w o, blocked x1 x2', '!blocked x1 x2'],
      ['shove t x1 x2', 'at t x1, blocked x1 x2', '!blocked x1 x2'],
    ],
    more: '',
  }).replace(
    '(:predicates ',
    '(:predicates (saw-go ?u - unit ?a ?b - place ?n - count) (saw-take ?w - crew ?o - thing ?n - count) (saw-load ?p - person ?n - count) ',
  ),
  problem(level) {
    const dice = chance(level + 40);
    const places = ['hospital', 'depot', ...names('place', [3, 5, 8, 12, 18, 26][level - 1])];
    const people = names('person', level + 1);
    const trucks = names('truck', 1 + (level >> 1));
    const crews = names('crew', level);
    const things = names('thing', level + 1);
    const count = [2, 3, 4, 6, 8, 10][level - 1];
    const counts = ['none', ...names('seen', count)];
    const edges = roads(places, level, dice);
    const pairs = edges.map((edge) => edge.split(' ').slice(1));
    let here = dice.pick(places);
    const crew = dice.pick(crews);
    const start = here;
    const saw = counts.slice(1).map((number) => {
      const next = dice.pick(pairs.filter(([from, to]) => from === here && to !== here))[1];
      const line = `saw-go ${crew} ${here} ${next} ${number}`;
      here = next;
      return line;
    });
    const dark = dice.shuffled(places).slice(0, 1 + level);
    return problem('recognition', {
      objects: { person: people, truck: trucks, crew: crews, place: places.slice(2), thing: things, count: counts },
      tasks: isOrdered ? ['top'] : ['top', 'top'],
      order: isOrdered ? 'then' : '',
      init: [
        ...edges,
        ...saw,
        'seen none',
        ...counts.slice(1).map((one, index) => `next ${counts[index]} ${one}`),
        ...people.flatMap((one) => [`at ${one} ${dice.pick(places)}`, `hurt ${one}`]),
        ...trucks.map((one) => `at ${one} ${dice.pick(places)}`),
        ...crews.map((one) => `at ${one} ${one === crew ? start : dice.pick(places)}`),
        ...things.map((one) => `store ${one} ${dice.pick(places)}`),
        ...dark.map((one) => `dark ${one}`),
        ...dice
          .shuffled(places)
          .slice(0, level)
          .map((one) => `trouble ${one}`),
        `trouble ${here}`,
        `dark ${here}`,
      ],
      goal: `seen ${counts.at(-1)}`,
    });
  },
});

export default [flights, haulage, recognition(true), recognition(false)];
