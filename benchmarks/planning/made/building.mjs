import { chance, domain, names, problem, roads } from './lang.mjs';

/** Devices joined by chains of cables and adapters whose plugs fit or do not: what is asked for is a signal from end to end. */
const cables = {
  name: 'cables',
  domain: domain('cables', {
    types: 'device cable - equipment port signal equipment - object',
    variables: { d: 'device', k: 'cable', e: 'equipment', p: 'port', g: 'signal' },
    predicates: 'has-port e p, fits p1 p2, free p, joined p1 p2, carries p g, unused e, gets e g, inner p1 p2',
    tasks: 'watch d1 d2 g1 g2, connect d1 d2 g, extend e1 e2 g, plug p1 p2',
    methods: [
      ['watch-both', 'watch d1 d2 g1 g2', '', 'connect d1 d2 g1, connect d1 d2 g2, verify d1 d2 g1 g2'],
      ['connect-done', 'connect d1 d2 g', 'gets d2 g', ''],
      ['connect-chain', 'connect d1 d2 g', '!gets d2 g', 'extend d1 d2 g, switch-on d2 g'],
      [
        'extend-directly',
        'extend e1 e2 g',
        'has-port e1 p1, has-port e2 p2, free p1, free p2, fits p1 p2, carries p1 g, carries p2 g',
        'plug p1 p2',
      ],
      [
        'extend-cable',
        'extend e1 e2 g',
        'has-port e1 p1, free p1, carries p1 g, has-port k p2, free p2, unused k, fits p1 p2, carries p2 g',
        'plug p1 p2, use k, extend k e2 g',
      ],
      ['plug-either', 'plug p1 p2', 'free p1, free p2', 'join p1 p2'],
    ],
    actions: [
      ['join p1 p2', 'free p1, free p2, fits p1 p2', '!free p1, !free p2, joined p1 p2'],
      ['use k', 'unused k', '!unused k'],
      ['switch-on d g', '', 'gets d g'],
      ['verify d1 d2 g1 g2', 'gets d2 g1, gets d2 g2', 'gets d1 g1'],
    ],
  }),
  problem(level) {
    const dice = chance(level + 2);
    const devices = names('device', level + 1);
    const links = level;
    const kinds = names('kind', 2 + (level >> 1));
    const objects = { device: devices, cable: [], port: [], signal: ['sound', 'picture'] };
    const init = [];
    const portKinds = new Map();
    const addPort = (owner, kind, signals, sex) => {
      const port = `p${objects.port.length + 1}`;
      objects.port.push(port);
      portKinds.set(port, `${kind} ${sex}`);
      init.push(`has-port ${owner} ${port}`, `free ${port}`, ...signals.map((one) => `carries ${port} ${one}`));
    };
    const tasks = [];
    for (let link = 0; link < links; link += 1) {
      const [from, to] = [devices[link], devices[link + 1]];
      tasks.push(`watch ${from} ${to} sound picture`);
      for (const signal of ['sound', 'picture']) {
        let kind = dice.pick(kinds);
        addPort(from, kind, [signal], 'out');
        for (let hop = 0; hop < 1 + dice.below(1 + level); hop += 1) {
          const cable = `cable${objects.cable.length + 1}`;
          objects.cable.push(cable);
          addPort(cable, kind, [signal], 'in');
          kind = dice.pick(kinds);
          addPort(cable, kind, [signal], 'out');
        }
        addPort(to, kind, [signal], 'in');
      }
    }
    for (const one of objects.cable) init.push(`unused ${one}`);
    for (const a of objects.port) {
      for (const b of objects.port) {
        if (portKinds.get(a) === portKinds.get(b).replace(/in$/, 'out') && portKinds.get(b).endsWith('in'))
          init.push(`fits ${a} ${b}`);
      }
    }
    return problem('cables', { objects, tasks, init });
  },
};

/** A house in a grid of cells: walls and roofs cell by cell, cleared, fetched for and walked to; many objects, few matter. */
const house = {
  name: 'house',
  domain: domain('house', {
    types: 'x y z kind - object',
    variables: { x: 'x', y: 'y', z: 'z', k: 'kind' },
    predicates:
      'filled x y z k, air x y z, up x1 x2, north y1 y2, above z1 z2, me-at x y z, bag k, mine x y z k, plan x y z k',
    tasks: 'build-wall x1 x2 y z k, build-row x1 x2 y z k, cell x y z k, go x y z, get k, empty x y z',
    methods: [
      [
        'wall-row',
        'build-wall x1 x2 y z1 k',
        'above z1 z2, !filled x1 y z1 k',
        'build-row x1 x2 y z1 k, build-row x1 x2 y z2 k',
      ],
      ['row-end', 'build-row x1 x2 y z k', '= x1 x2', 'cell x1 y z k'],
      ['row-on', 'build-row x1 x2 y z k', '!= x1 x2, up x1 x3', 'cell x1 y z k, build-row x3 x2 y z k'],
      ['cell-done', 'cell x y z k', 'filled x y z k', ''],
      ['cell-do', 'cell x y z k', '!filled x y z k', 'empty x y z, get k, go x y z, place x y z k'],
      ['empty-air', 'empty x y z', 'air x y z', ''],
      ['empty-dig', 'empty x y z', 'filled x y z k', 'go x y z, dig x y z k'],
      ['get-have', 'get k', 'bag k', ''],
      ['get-dig', 'get k', '!bag k, mine x y z k, filled x y z k', 'go x y z, dig x y z k'],
      ['go-there', 'go x y z', 'me-at x y z', ''],
      ['go-move', 'go x2 y2 z2', 'me-at x1 y1 z1', 'move x1 y1 z1 x2 y2 z2'],
    ],
    actions: [
      ['place x y z k', 'air x y z, bag k, me-at x y z', '!air x y z, filled x y z k, !bag k'],
      ['dig x y z k', 'filled x y z k, me-at x y z', 'air x y z, !filled x y z k, bag k'],
      ['move x1 y1 z1 x2 y2 z2', 'me-at x1 y1 z1', '!me-at x1 y1 z1, me-at x2 y2 z2'],
    ],
  }),
  problem(level) {
    const dice = chance(level);
    const size = [3, 4, 6, 9, 13, 18][level - 1];
    const [xs, ys, zs] = [names('x', size), names('y', size), names('z', size)];
    const kinds = ['stone', 'wood'];
    const init = ['me-at x1 y1 z1'];
    for (const x of xs)
      for (const y of ys)
        for (const z of zs) {
          if (y === ys.at(-1))
            init.push(
              `filled ${x} ${y} ${z} ${kinds[dice.below(2)]}`,
              `mine ${x} ${y} ${z} stone`,
              `mine ${x} ${y} ${z} wood`,
            );
          else if (dice.next() < 0.05) init.push(`filled ${x} ${y} ${z} stone`);
          else init.push(`air ${x} ${y} ${z}`);
        }
    const pairs = (list, word) => list.slice(1).map((one, index) => `${word} ${list[index]} ${one}`);
    return problem('house', {
      objects: { x: xs, y: ys, z: zs, kind: kinds },
      tasks: names('', Math.max(1, level - 1)).map(
        (_, index) => `build-wall x1 ${xs[Math.min(xs.length - 1, level)]} y${index + 1} z1 ${kinds[index % 2]}`,
      ),
      init: [...init, ...pairs(xs, 'up'), ...pairs(ys, 'north'), ...pairs(zs, 'above')],
    });
  },
};

/** A robot with one hand puts things into rooms behind doors that open and shut: recursion over what is not yet in its place. */
const rooms = {
  name: 'rooms',
  domain: domain('rooms', {
    types: 'room door parcel - object',
    variables: { r: 'room', d: 'door', p: 'parcel' },
    predicates: 'me-in r, joins d r1 r2, shut d, lies p r, carry p, hand-free, goal-in p r',
    tasks: 'tidy, bring p r, walk r, pass r1 r2 d',
    methods: [
      ['tidy-one', 'tidy', 'goal-in p r, !lies p r', 'bring p r, tidy'],
      ['tidy-end', 'tidy', '(forall (?p - parcel ?r - room) (imply (goal-in ?p ?r) (lies ?p ?r)))', ''],
      ['bring-it', 'bring p r2', 'lies p r1', 'walk r1, grab p r1, walk r2, drop p r2'],
      ['walk-there', 'walk r', 'me-in r', ''],
      ['walk-on', 'walk r3', 'me-in r1, joins d r1 r2', 'pass r1 r2 d, walk r3'],
      ['pass-open', 'pass r1 r2 d', '!shut d', 'step r1 r2 d'],
      ['pass-shut', 'pass r1 r2 d', 'shut d', 'open d r1 r2, step r1 r2 d'],
      ['pass-neat', 'pass r1 r2 d', 'shut d', 'open d r1 r2, step r1 r2 d, close d r2 r1'],
    ],
    actions: [
      ['step r1 r2 d', 'me-in r1, joins d r1 r2, !shut d', '!me-in r1, me-in r2'],
      ['open d r1 r2', 'me-in r1, joins d r1 r2, shut d', '!shut d'],
      ['close d r1 r2', 'me-in r1, joins d r1 r2, !shut d', 'shut d'],
      ['grab p r', 'lies p r, me-in r, (hand-free)', '!lies p r, carry p, (not (hand-free))'],
      ['drop p r', 'carry p, me-in r', '!carry p, lies p r, (hand-free)'],
    ],
  }),
  problem(level) {
    const dice = chance(level + 70);
    const all = names('room', [3, 6, 12, 20, 35, 60][level - 1]);
    const parcels = names('parcel', [1, 3, 6, 12, 25, 45][level - 1]);
    const edges = roads(all, level, dice).map((edge) => edge.split(' ').slice(1));
    const doors = new Map();
    for (const [a, b] of edges) {
      const key = [a, b].sort().join(' ');
      if (!doors.has(key)) doors.set(key, `door${doors.size + 1}`);
    }
    const owned = [...doors.values()];
    return problem('rooms', {
      objects: { room: all, door: owned, parcel: parcels },
      tasks: ['tidy'],
      init: [
        'me-in room1',
        'hand-free',
        ...edges.map(([a, b]) => `joins ${doors.get([a, b].sort().join(' '))} ${a} ${b}`),
        ...owned.filter(() => dice.next() < 0.4).map((one) => `shut ${one}`),
        ...parcels.flatMap((one) => [`lies ${one} ${dice.pick(all)}`, `goal-in ${one} ${dice.pick(all)}`]),
      ],
    });
  },
};

/** Parts cut from boards and treated by machines: many ways to each surface and colour, in any order; partly ordered. */
const joinery = {
  name: 'joinery-po',
  domain: domain('joinery', {
    types: 'board part machine colour size - object',
    variables: { b: 'board', p: 'part', m: 'machine', c: 'colour', s: 'size' },
    constants: 'none - colour',
    predicates:
      'saw m, planer m, sprayer m, glazer m, loads m c, size-of b s, less s1 s2, smaller s1 s2, needs p s, whole b, cut p, smooth p, rough p, coloured p c, grain b, wants p c, busy m',
    tasks: 'make p c, obtain p, surface p, paint p c',
    methods: [
      ['make-it', 'make p c', '', 'obtain p, surface p, paint p c, inspect p c', '0<1,1<2,2<3'],
      ['obtain-have', 'obtain p', 'cut p', ''],
      ['obtain-cut', 'obtain p', '!cut p', 'load b m, cut-part b m p s1 s2, unload b m', '0<1,1<2'],
      ['surface-smooth', 'surface p', 'smooth p', ''],
      ['surface-plane', 'surface p', '', 'plane p m'],
      ['surface-grind', 'surface p', '', 'grind p m c'],
      ['paint-have', 'paint p c', 'coloured p c', ''],
      ['paint-spray', 'paint p c', 'sprayer m, loads m c', 'spray p m c'],
      ['paint-glaze', 'paint p c', 'glazer m, loads m c', 'glaze p m c'],
      [
        'paint-twice',
        'paint p c2',
        'sprayer m, loads m c1, != c1 c2',
        'spray p m c1, grind p m2 c1, paint p c2',
        '0<1,1<2',
      ],
    ],
    actions: [
      ['load b m', 'saw m, !busy m, whole b', 'busy m, !whole b, grain b'],
      [
        'cut-part b m p s1 s2',
        'busy m, grain b, size-of b s1, needs p s3, less s1 s2'.replace(', needs p s3', ''),
        '!size-of b s1, size-of b s2, cut p, rough p, coloured p $none',
      ],
      ['unload b m', 'busy m, grain b', '!busy m, whole b, !grain b'],
      ['plane p m', 'planer m, cut p, rough p, coloured p $none', '!rough p, smooth p'],
      ['grind p m c', 'planer m, cut p, coloured p c', '!rough p, smooth p, !coloured p c, coloured p $none'],
      ['spray p m c', 'sprayer m, loads m c, smooth p, coloured p $none', '!coloured p $none, coloured p c'],
      ['glaze p m c', 'glazer m, loads m c, cut p, coloured p $none', '!coloured p $none, coloured p c'],
      ['inspect p c', 'coloured p c, smooth p', 'wants p c'],
    ],
  }),
  problem(level) {
    const dice = chance(level + 11);
    const parts = names('part', [1, 2, 4, 7, 11, 16][level - 1]);
    const boards = names('board', 1 + Math.ceil(parts.length / 3));
    const sizes = names('size', 5);
    const shades = names('shade', 2 + (level >> 1));
    const [sprayers, glazers] = [names('sprayer', 1), names('glazer', 1)];
    return problem('joinery', {
      objects: {
        board: boards,
        part: parts,
        machine: ['saw1', 'planer1', ...sprayers, ...glazers],
        colour: shades,
        size: sizes,
      },
      tasks: parts.map((one) => `make ${one} ${dice.pick(shades)}`),
      order: '',
      init: [
        'saw saw1',
        'planer planer1',
        'sprayer sprayer1',
        'glazer glazer1',
        ...shades.map((shade, index) => `loads ${index % 2 ? 'glazer1' : 'sprayer1'} ${shade}`),
        ...boards.flatMap((one) => [`whole ${one}`, `size-of ${one} size5`]),
        ...sizes.slice(1).map((one, index) => `less ${one} ${sizes[index]}`),
      ],
    });
  },
};

/** Procedures that run side by side and wait for each other: what one gives, another uses up; must be interleaved. */
const cockpit = {
  name: 'cockpit-po',
  domain: domain('cockpit', {
    types: 'system crew mode - object',
    variables: { s: 'system', w: 'crew', m: 'mode' },
    predicates:
      'in-mode s m, needs s1 s2, watching w s, idle w, checked s, ready s, step m1 m2, top m, link s1 s2, token s, told s',
    tasks: 'start-up s, raise s, cross s1 s2, check s, provide s',
    methods: [
      ['start', 'start-up s', '', 'provide s, raise s, check s', '0<1,1<2'],
      ['provide-none', 'provide s', 'told s', ''],
      ['provide-wait', 'provide s1', 'needs s1 s2', 'wait-for s1 s2'],
      ['raise-done', 'raise s', 'in-mode s m, top m', ''],
      ['raise-step', 'raise s', 'in-mode s m1, step m1 m2', 'watch w s, switch w s m1 m2, let-go w s, raise s', 'then'],
      ['check-both', 'check s', '', 'watch w1 s, confirm w1 s, let-go w1 s', 'then'],
      ['cross-check', 'cross s1 s2', '', 'give s1, take s2, give s2, take s1', '0<1,2<3'],
    ],
    actions: [
      ['wait-for s1 s2', 'needs s1 s2, ready s2', 'told s1'],
      ['watch w s', 'idle w', '!idle w, watching w s'],
      ['let-go w s', 'watching w s', 'idle w, !watching w s'],
      ['switch w s m1 m2', 'watching w s, in-mode s m1, step m1 m2', '!in-mode s m1, in-mode s m2'],
      ['confirm w s', 'watching w s', 'checked s, ready s'],
      ['give s', 'ready s', 'token s'],
      ['take s', 'token s', '!token s'],
    ],
  }),
  problem(level) {
    const dice = chance(level + 31);
    const systems = names('system', [2, 4, 6, 9, 13, 18][level - 1]);
    const modes = names('mode', 3);
    const crew = names('crew', 1 + (level >> 2));
    const order = dice.shuffled(systems);
    return problem('cockpit', {
      objects: { system: systems, crew, mode: modes },
      tasks: [
        ...systems.map((one) => `start-up ${one}`),
        ...systems.slice(0, level).map((one, index) => `cross ${one} ${systems[index + 1] ?? systems[0]}`),
      ],
      order: '',
      init: [
        ...systems.map((one) => `in-mode ${one} mode1`),
        ...crew.map((one) => `idle ${one}`),
        `told ${order[0]}`,
        ...order.slice(1).map((one, index) => `needs ${one} ${order[dice.below(index + 1)]}`),
        'step mode1 mode2',
        'step mode2 mode3',
        'top mode3',
      ],
    });
  },
};

export default [cables, house, rooms, joinery, cockpit];
