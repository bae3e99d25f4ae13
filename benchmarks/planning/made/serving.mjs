import { chance, domain, names, problem } from './lang.mjs';

/** Snacks for children, some of whom bear no gluten: many exchangeable things, few that matter. */
const snacks = (isOrdered) => ({
  name: isOrdered ? 'snacks' : 'snacks-po',
  domain: domain('snacks', {
    types: 'child bread filling tray place snack - object',
    variables: { c: 'child', b: 'bread', f: 'filling', t: 'tray', p: 'place', s: 'snack' },
    constants: 'kitchen - place',
    predicates:
      'waits c p, allergic c, served c, pure-bread b, pure-filling f, bread-left b, filling-left f, unmade s, made s, pure s, on s t, at t p',
    tasks: 'feed c, prepare s c, carry t p',
    methods: [
      ['feed-child', 'feed c', 'waits c p', 'prepare s c, carry t $kitchen, load s t, carry t p, hand-over s c t p'],
      ['prepare-pure', 'prepare s c', 'allergic c', 'make-pure s b f'],
      ['prepare-any', 'prepare s c', '!allergic c', 'make s b f'],
      ['carry-there', 'carry t p', 'at t p', ''],
      ['carry-go', 'carry t p', 'at t p2, != p p2', 'push t p2 p'],
    ],
    actions: [
      [
        'make-pure s b f',
        'unmade s, bread-left b, filling-left f, pure-bread b, pure-filling f',
        '!unmade s, made s, pure s, !bread-left b, !filling-left f',
      ],
      ['make s b f', 'unmade s, bread-left b, filling-left f', '!unmade s, made s, !bread-left b, !filling-left f'],
      ['load s t', 'made s, at t $kitchen', '!made s, on s t'],
      ['push t p1 p2', 'at t p1', '!at t p1, at t p2'],
      [
        'hand-over s c t p',
        'on s t, at t p, waits c p, !served c, (or (pure ?s) (not (allergic ?c)))',
        '!on s t, served c',
      ],
    ],
  }),
  problem(level) {
    const dice = chance(level);
    const count = [3, 10, 25, 60, 120, 250][level - 1];
    const children = names('child', count);
    const allergic = children.filter(() => dice.next() < 0.4);
    const breads = names('bread', count);
    const fillings = names('filling', count);
    const pure = (list) => dice.shuffled(list).slice(0, allergic.length);
    const places = names('table', 3);
    return problem('snacks', {
      objects: {
        child: children,
        bread: breads,
        filling: fillings,
        tray: names('tray', 1 + (level >> 1)),
        place: places,
        snack: names('snack', count),
      },
      tasks: children.map((child) => `feed ${child}`),
      order: isOrdered ? 'then' : '',
      init: [
        ...children.map((child) => `waits ${child} ${dice.pick(places)}`),
        ...allergic.map((child) => `allergic ${child}`),
        ...breads.map((one) => `bread-left ${one}`),
        ...fillings.map((one) => `filling-left ${one}`),
        ...pure(breads).map((one) => `pure-bread ${one}`),
        ...pure(fillings).map((one) => `pure-filling ${one}`),
        ...names('snack', count).map((one) => `unmade ${one}`),
        ...names('tray', 1 + (level >> 1)).map((one) => `at ${one} kitchen`),
      ],
    });
  },
});

/** Drinks mixed with two hands and one shaker: each task undoes what others need, and levels go up and down. */
const drinks = {
  name: 'drinks',
  domain: domain('drinks', {
    types: 'shot shaker - vessel ingredient cocktail - drink hand level tap vessel drink - object',
    variables: {
      s: 'shot',
      k: 'shaker',
      v: 'vessel',
      i: 'ingredient',
      c: 'cocktail',
      d: 'drink',
      h: 'hand',
      l: 'level',
      t: 'tap',
    },
    predicates:
      'clean v, empty v, holds v d, stained v d, held h v, free h, on-table v, gives t i, first c i, second c i, level k l, bottom l, above l1 l2, mixed k, unmixed k',
    tasks:
      'want-drink s c, want-mixed k c, want-part k i, want-poured s i, want-held h v, want-free h, want-down v, want-clean-shot s, want-clean-shaker k, pour-out k s c',
    methods: [
      ['have-drink', 'want-drink s c', 'holds s c', ''],
      ['mix-drink', 'want-drink s c', '!holds s c', 'want-mixed k c, want-clean-shot s, want-held h k, pour-out k s c'],
      ['have-mixed', 'want-mixed k c', 'holds k c', ''],
      [
        'do-mix',
        'want-mixed k c',
        'first c i1, second c i2, != h1 h2',
        'want-clean-shaker k, want-part k i1, want-part k i2, want-held h1 k, want-free h2, shake c i1 i2 k h1 h2',
      ],
      ['have-part', 'want-part k i', 'holds k i', ''],
      [
        'part-clean',
        'want-part k i',
        'empty k, clean k, level k l1, above l1 l2',
        'want-poured s i, want-held h s, pour-clean s i k h l1 l2',
      ],
      [
        'part-used',
        'want-part k i',
        '!empty k, level k l1, above l1 l2',
        'want-poured s i, want-held h s, pour-used s i k h l1 l2',
      ],
      ['have-poured', 'want-poured s i', 'holds s i', ''],
      [
        'do-pour',
        'want-poured s i',
        '!holds s i, gives t i, != h1 h2',
        'want-clean-shot s, want-held h1 s, want-free h2, fill s i h1 h2 t',
      ],
      ['clean-already', 'want-clean-shot s', 'clean s', ''],
      [
        'clean-full',
        'want-clean-shot s',
        'holds s d, != h1 h2',
        'want-held h1 s, tip h1 s d, want-free h2, wash s d h1 h2',
      ],
      [
        'clean-stained',
        'want-clean-shot s',
        'empty s, stained s d, != h1 h2',
        'want-held h1 s, want-free h2, wash s d h1 h2',
      ],
      ['shaker-clean', 'want-clean-shaker k', 'clean k', ''],
      [
        'shaker-empty',
        'want-clean-shaker k',
        '!clean k, empty k, != h1 h2',
        'want-held h1 k, want-free h2, wash-shaker k h1 h2',
      ],
      [
        'shaker-full',
        'want-clean-shaker k',
        'holds k d, mixed k, level k l1, bottom l2, != h1 h2',
        'want-held h1 k, tip-shaker h1 k d l1 l2, want-free h2, wash-shaker k h1 h2',
      ],
      ['held-already', 'want-held h v', 'held h v', ''],
      ['take', 'want-held h v', '!held h v', 'want-free h, want-down v, grasp h v'],
      ['free-already', 'want-free h', 'free h', ''],
      ['free-drop', 'want-free h', 'held h v', 'put-down h v'],
      ['down-already', 'want-down v', 'on-table v', ''],
      ['down-put', 'want-down v', 'held h v', 'put-down h v'],
      [
        'pour',
        'pour-out k s c',
        'held h k, mixed k, holds k c, empty s, clean s, level k l1, above l2 l1',
        'pour-shot c s h k l1 l2',
      ],
    ],
    actions: [
      ['grasp h v', 'on-table v, free h', 'held h v, !free h, !on-table v'],
      ['put-down h v', 'held h v', '!held h v, free h, on-table v'],
      [
        'fill s i h1 h2 t',
        'held h1 s, free h2, empty s, clean s, gives t i',
        'holds s i, stained s i, !clean s, !empty s',
      ],
      ['tip h s d', 'held h s, holds s d', 'empty s, !holds s d'],
      ['wash s d h1 h2', 'held h1 s, free h2, empty s, stained s d', 'clean s, !stained s d'],
      ['wash-shaker k h1 h2', 'held h1 k, free h2, empty k', 'clean k'],
      [
        'tip-shaker h k d l1 l2',
        'held h k, holds k d, mixed k, level k l1, bottom l2',
        'empty k, unmixed k, !mixed k, !holds k d, !level k l1, level k l2',
      ],
      [
        'pour-clean s i k h l1 l2',
        'holds s i, held h s, empty k, clean k, level k l1, above l1 l2',
        'holds k i, unmixed k, !empty k, !clean k, empty s, !holds s i, !level k l1, level k l2',
      ],
      [
        'pour-used s i k h l1 l2',
        'holds s i, held h s, unmixed k, level k l1, above l1 l2',
        'holds k i, empty s, !holds s i, !level k l1, level k l2',
      ],
      [
        'shake c i1 i2 k h1 h2',
        'held h1 k, free h2, holds k i1, holds k i2, unmixed k, first c i1, second c i2',
        'holds k c, mixed k, !unmixed k, !holds k i1, !holds k i2',
      ],
      [
        'pour-shot c s h k l1 l2',
        'held h k, holds k c, mixed k, empty s, clean s, level k l1, above l2 l1',
        'holds s c, stained s c, !empty s, !clean s, !level k l1, level k l2',
      ],
    ],
  }),
  problem(level) {
    const dice = chance(level);
    const count = [1, 2, 3, 5, 8, 14][level - 1];
    const drinks = names('cocktail', count);
    const ingredients = names('ingredient', 2 + level);
    const shots = names('shot', count + 1);
    const taps = names('tap', ingredients.length);
    const mixes = drinks.flatMap((one) => {
      const [a, b] = dice.shuffled(ingredients);
      return [`first ${one} ${a}`, `second ${one} ${b}`];
    });
    const glasses = dice.shuffled(shots);
    return problem('drinks', {
      objects: {
        shot: shots,
        shaker: ['shaker1'],
        ingredient: ingredients,
        cocktail: drinks,
        hand: ['left', 'right'],
        level: ['l0', 'l1', 'l2'],
        tap: taps,
      },
      tasks: drinks.map((one, index) => `want-drink ${glasses[index]} ${one}`),
      init: [
        ...[...shots, 'shaker1'].flatMap((one) => [`on-table ${one}`, `clean ${one}`, `empty ${one}`]),
        ...taps.map((tap, index) => `gives ${tap} ${ingredients[index]}`),
        ...mixes,
        'free left',
        'free right',
        'level shaker1 l0',
        'bottom l0',
        'above l0 l1',
        'above l1 l2',
      ],
    });
  },
};

/** Dishes cooked side by side on few hobs; partly ordered, with conditional effects and conditions over all things. */
const kitchen = {
  name: 'kitchen-po',
  domain: domain('kitchen', {
    types: 'dish hob pot guest - object',
    variables: { d: 'dish', h: 'hob', p: 'pot', g: 'guest' },
    predicates:
      'free h, clean p, in d p, on p h, raw d, done d, cold d, dirty p, wants g d, served g, calls-for-lid d, lid p, table-set, oven-hot',
    tasks: 'dinner, cook d, find-pot p, find-hob h, please g',
    methods: [
      ['all-of-it', 'dinner', '', 'heat-oven, lay-table, (serve-all)', '0<2,1<2'],
      [
        'cook-open',
        'cook d',
        '!calls-for-lid d',
        'find-pot p, find-hob h, put d p h, fry d p h, take-off d p h',
        '0<2,1<2,2<3,3<4',
      ],
      [
        'cook-closed',
        'cook d',
        'calls-for-lid d',
        'find-pot p, find-hob h, put d p h, close p, stew d p h, take-off d p h',
        '0<2,1<2,2<3,3<4,4<5',
      ],
      ['pot-clean', 'find-pot p', 'clean p', ''],
      ['pot-dirty', 'find-pot p', 'dirty p', 'wash p'],
      ['hob-free', 'find-hob h', 'free h', 'check h'],
      ['please-guest', 'please g', 'wants g d', 'cook d, hand g d', 'then'],
    ],
    actions: [
      ['heat-oven', '', '(oven-hot)'],
      ['lay-table', '', '(table-set)'],
      ['serve-all', '(table-set), (oven-hot), (forall (?g - guest) (served ?g))', '(not (oven-hot))'],
      ['check h', 'free h', 'free h'],
      ['wash p', 'dirty p', '!dirty p, clean p'],
      ['put d p h', 'raw d, clean p, free h', '!clean p, !free h, in d p, on p h'],
      ['close p', '!lid p', 'lid p'],
      [
        'fry d p h',
        'in d p, on p h, (oven-hot)',
        'done d, !raw d, (forall (?e - dish) (when (and (done ?e) (not (= ?e ?d))) (cold ?e)))',
      ],
      ['stew d p h', 'in d p, on p h, lid p', 'done d, !raw d'],
      ['take-off d p h', 'in d p, on p h, done d', '!in d p, !on p h, free h, dirty p, !lid p'],
      ['hand g d', 'wants g d, done d', 'served g'],
    ],
  }),
  problem(level) {
    const dice = chance(level);
    const count = [2, 3, 5, 8, 12, 18][level - 1];
    const guests = names('guest', count);
    const dishes = names('dish', count);
    const pots = names('pot', 1 + (level >> 1));
    const hobs = names('hob', 1 + (level > 2 ? 1 : 0));
    return problem('kitchen', {
      objects: { dish: dishes, hob: hobs, pot: pots, guest: guests },
      tasks: ['dinner', ...guests.map((guest) => `please ${guest}`)],
      order: '',
      init: [
        ...hobs.map((one) => `free ${one}`),
        ...pots.map((one) => `clean ${one}`),
        ...dishes.map((one) => `raw ${one}`),
        ...guests.map((guest, index) => `wants ${guest} ${dishes[index]}`),
        ...dishes.filter(() => dice.next() < 0.5).map((one) => `calls-for-lid ${one}`),
      ],
    });
  },
};

export default [snacks(true), snacks(false), drinks, kitchen];
