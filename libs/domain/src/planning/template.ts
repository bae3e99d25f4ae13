import type { Json } from '../json';

/** Values of variables, as the validator reads templates; written apart from the planner's `terms.ts` on purpose. */
export type Values = Readonly<Record<string, Json>>;

/**
 * A template with its variables and member references replaced. Written for the validator alone, so that a mistake in the
 * planner's own substitution shows.
 *
 * @returns undefined for a variable without a value
 */
export function fillTemplate(
  template: Json,
  values: Values,
  refer?: (id: string, path: string) => Json,
): Json | undefined {
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const item of template as readonly Json[]) {
      const value = fillTemplate(item, values, refer);
      if (value !== undefined) items.push(value);
    }
    return items;
  }
  if (template !== null && typeof template === 'object') {
    const result: Record<string, Json> = {};
    for (const key of Object.keys(template)) {
      const value = fillTemplate((template as Values)[key] ?? null, values, refer);
      if (value !== undefined) result[key] = value;
    }
    return result;
  }
  return typeof template === 'string' ? textOf(template, values, refer) : template;
}

function textOf(template: string, values: Values, refer?: (id: string, path: string) => Json): Json | undefined {
  if (/^\$\w+$/.test(template) && !/^\$\d/.test(template)) return values[template.slice(1)];
  const reference = template.startsWith('{{') && template.endsWith('}}') ? template.slice(2, -2).trim().split('.') : [];
  const [steps, id, ...path] = reference;
  if (refer && steps === 'steps' && id) return refer(id, path.join('.'));
  let result = '';
  let rest = template;
  for (let start = rest.indexOf('${'); start >= 0; start = rest.indexOf('${')) {
    const end = rest.indexOf('}', start);
    const name = end < 0 ? '' : rest.slice(start + 2, end);
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      result += rest.slice(0, start + 2);
      rest = rest.slice(start + 2);
      continue;
    }
    const value = values[name];
    result +=
      rest.slice(0, start) + (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));
    rest = rest.slice(end + 1);
  }
  return result + rest;
}
