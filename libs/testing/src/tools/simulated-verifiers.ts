import type { Evidence, Json, JsonObject } from '@goalkeeper/domain';
import type { Verifier } from '@goalkeeper/tools';
import type { SimulatedWorld } from './simulated-world';

type Outputs = Readonly<Record<string, JsonObject>>;
type Look = (args: JsonObject, outputs: Outputs, world: SimulatedWorld) => Evidence[];

const evidence = (check: string, holds: boolean, seen: Json): Evidence => ({
  check,
  holds,
  seen: JSON.stringify(seen).slice(0, 200),
});
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item: Json): item is string => typeof item === 'string') : [];
const under = (paths: Iterable<string>, folder: string): string[] =>
  [...paths].filter((path) => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)).sort();
const pageOf = (world: SimulatedWorld, url: Json | undefined): string => world.pages.get(text(url))?.body ?? '';
/** What stands between two marks, by cutting instead of by patterns as the tools do. */
const between = (text: string, open: string, close: string): string[] =>
  text
    .split(open)
    .slice(1)
    .map((part) => part.split(close)[0] ?? '');

function shown(page: string): string {
  let text = '';
  let isTag = false;
  for (const character of page) {
    if (character === '<') isTag = true;
    else if (character === '>') isTag = false;
    else if (!isTag) text += character;
  }
  return text.replace(/\s+/g, '');
}

function pageKept({ url }: JsonObject, { keep }: Outputs, world: SimulatedWorld): Evidence[] {
  const kept = world.files.get(text(keep?.path)) ?? '';
  const page = pageOf(world, url);
  return [evidence('the file holds what the page shows', page !== '' && shown(kept) === shown(page), kept)];
}

function tablesExtracted({ url }: JsonObject, { extract }: Outputs, world: SimulatedWorld): Evidence[] {
  const cells = between(pageOf(world, url), '<td>', '</td>');
  const found = Array.isArray(extract?.tables) ? extract.tables.flat(2).map((cell: Json) => text(cell)) : [];
  return [evidence('every cell is there', cells.length > 0 && cells.join('|') === found.join('|'), found)];
}

function linksChecked({ url }: JsonObject, { probe }: Outputs, world: SimulatedWorld): Evidence[] {
  const links = between(pageOf(world, url), 'href="', '"').map((to) => new URL(to, text(url)).href);
  const tried = (Array.isArray(probe?.checked) ? (probe.checked as JsonObject[]) : []).filter(
    (one) => one.status === world.pages.get(text(one.url))?.status,
  );
  const missed = links.filter((link) => !tried.some((one) => one.url === link));
  return [evidence('every link was tried', links.length > 0 && missed.length === 0, missed)];
}

function watched({ url, looks }: JsonObject, outputs: Outputs, world: SimulatedWorld): Evidence[] {
  const fetched = world.calls.filter(({ tool, args }) => tool === 'http.fetch' && args.url === url).length;
  const compared = Object.values(outputs).filter(({ same }) => typeof same === 'boolean').length;
  return [
    evidence('it was looked at once more than it was compared', fetched >= Number(looks) + 1, fetched),
    evidence('each look was compared with the first', compared === Number(looks), compared),
  ];
}

function found({ folder }: JsonObject, { find, list }: Outputs, world: SimulatedWorld): Evidence[] {
  const asked = world.calls.findLast(({ tool }) => tool === 'file.find')?.args ?? {};
  const [words, kind] = find ? [text(asked.words ?? ''), text(asked.kind ?? '')] : ['', ''];
  const expected = under(world.files.keys(), text(folder)).filter((path) => {
    const isKind = kind === '' || path.split('.').at(-1) === kind;
    return isKind && (path.includes(words) || (world.files.get(path) ?? '').includes(words));
  });
  const listed = strings(find?.found ?? list?.entries).toSorted();
  return [evidence('the list has every file and no other', listed.join('\n') === expected.join('\n'), listed)];
}

function organised({ folder }: JsonObject, _outputs: Outputs, world: SimulatedWorld): Evidence[] {
  const before = under(world.before.keys(), text(folder)).map((path) => world.before.get(path) ?? '');
  const now = under(world.files.keys(), text(folder));
  const loose = now.filter((path) => !path.slice(text(folder).length + 1).includes('/'));
  const contents = now.map((path) => world.files.get(path) ?? '');
  const isWhole = before.toSorted().join('\u0000') === contents.toSorted().join('\u0000');
  return [
    evidence('every file lies in a subfolder', loose.length === 0, loose),
    evidence('no file is lost or changed', isWhole, now),
  ];
}

function converted({ source, to }: JsonObject, { write, convert }: Outputs, world: SimulatedWorld): Evidence[] {
  const wanted = world.before.get(text(source)) ?? '';
  const path = text(write?.path ?? '');
  const made = write ? world.files.get(path) : convert?.stdout;
  const isNamed = !write || path.endsWith(`.${text(to)}`);
  return [evidence('it is there in the other format, with the same content', isNamed && made === wanted, path)];
}

function archived({ sources }: JsonObject, { pack, check }: Outputs, world: SimulatedWorld): Evidence[] {
  const wanted = strings(sources).flatMap((source) => under(world.before.keys(), source));
  const held = world.files.get(text(pack?.path)) ?? '';
  const members = strings(check?.members).toSorted();
  return [
    evidence(
      'the archive has every file',
      wanted.length > 0 && wanted.every((path) => held.includes(`"${path}"`)),
      held,
    ),
    evidence('it opens with the same members', members.join('\n') === wanted.toSorted().join('\n'), members),
  ];
}

function ran(_args: JsonObject, { run }: Outputs): Evidence[] {
  return [evidence('it ended with 0', run?.exitCode === 0, run?.exitCode ?? null)];
}

function tested(_args: JsonObject, { test }: Outputs): Evidence[] {
  const said = typeof test?.stdout === 'string' ? test.stdout : '';
  const count = Number(said.split(' passed')[0]?.split(' ').at(-1) ?? 0);
  return [evidence('at least one test ran and all passed', test?.exitCode === 0 && count > 0, said)];
}

function measured({ runs }: JsonObject, outputs: Outputs): Evidence[] {
  const timed = Object.entries(outputs).filter(([label, { durationMs }]) => label !== 'warm' && Number(durationMs) > 0);
  return [evidence('every run was timed', timed.length === Number(runs), timed.length)];
}

function answered({ url, status }: JsonObject, { ask }: Outputs, world: SimulatedWorld): Evidence[] {
  const there = world.pages.get(text(url))?.status ?? null;
  return [evidence('it answers as expected', there === status && ask?.status === status, there)];
}

function compared({ left, right }: JsonObject, { compare }: Outputs, world: SimulatedWorld): Evidence[] {
  const isSame = pageOf(world, left) === pageOf(world, right);
  return [evidence('what was said of the two is true', compare?.same === isSame, compare?.same ?? null)];
}

const LOOKS: Readonly<Record<string, Look>> = {
  ...{ 'web.page_kept': pageKept, 'web.tables_extracted': tablesExtracted },
  ...{ 'web.links_checked': linksChecked, 'web.watched': watched },
  ...{ 'files.found': found, 'files.organised': organised, 'files.converted': converted, 'files.archived': archived },
  ...{ 'code.ran': ran, 'code.tested': tested, 'code.measured': measured },
  ...{ 'service.answered': answered, 'service.compared': compared },
};

/** The predicates that are verified in a simulated world. */
export const SIMULATED_PREDICATES = Object.keys(LOOKS);

/** Verifiers of what simulated tools claim: they look at the world themselves, by code of their own. */
export function simulatedVerifiers(world: SimulatedWorld): Verifier[] {
  return Object.entries(LOOKS).map(([name, look]) => ({
    name,
    boundMs: 10,
    verify: async ({ args }, { outputs }) => Promise.resolve(look(args, outputs, world)),
  }));
}
