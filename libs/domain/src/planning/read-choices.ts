import { list, object, type Reader, text } from './shape';

const wordings = list(text(), { min: 1 });

/** The choices of a parameter: by value, the wordings that name it. */
export const choicesOf: Reader<Readonly<Record<string, readonly string[]>>> = (value, at, problems) => {
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return object<Record<string, readonly string[]>>(Object.fromEntries(names.map((name) => [name, wordings])))(
    value,
    at,
    problems,
  );
};
