/** What a public id names, by its prefix. */
export const ID_PREFIXES = ['goal', 'art', 'cmd', 'upl', 'dec', 'eff', 'qst', 'les', 'snap', 'epi', 'ers'] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The id that clients see: the prefix, `_`, and the 32 lower-case hexadecimal digits of the UUID.
 *
 * @param uuid as stored, with hyphens
 * @throws {TypeError} when it is not a UUID
 */
export function toPublicId(prefix: IdPrefix, uuid: string): string {
  if (!UUID.test(uuid)) throw new TypeError(`Not a UUID: ${uuid}`);
  return `${prefix}_${uuid.replaceAll('-', '').toLowerCase()}`;
}

/** What people and clients call a thing: its public id; a text that is no UUID (of a simulation, of an import) as it is. */
export function publicName(prefix: IdPrefix, id: string): string {
  return UUID.test(id) ? toPublicId(prefix, id) : id;
}

/**
 * The UUID behind a public id, or null when the text is not one of that kind: for a client a malformed id is an
 * unknown one.
 */
export function parsePublicId(prefix: IdPrefix, text: string): string | null {
  const match = /^([a-z]+)_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(text);
  return match?.[1] === prefix ? match.slice(2).join('-') : null;
}
