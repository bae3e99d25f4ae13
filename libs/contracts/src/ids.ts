import { type IdPrefix } from '@goalkeeper/domain';
import { z } from 'zod';

export { ID_PREFIXES, type IdPrefix, parsePublicId, toPublicId } from '@goalkeeper/domain';

/** Schema of a public id of that kind. */
export function publicId(prefix: IdPrefix) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`), `must be an id like ${prefix}_0199… (32 hexadecimal digits)`)
    .meta({ description: `Id with the prefix ${prefix}_`, examples: [`${prefix}_01936d3e9f4a7c10b2a45d6e7f8091a2`] });
}
