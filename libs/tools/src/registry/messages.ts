const MESSAGE_CHARS = 2000;

/** What a thrown value says, whatever it is, at most 2,000 characters of it. */
export function messageOf(thrown: unknown): string {
  try {
    return cutMessage(thrown instanceof Error ? String(thrown.message) : String(thrown));
  } catch {
    return 'it threw a value that cannot be shown'; // its own toString throws
  }
}

/** A message of a size that payloads and people bear. */
export function cutMessage(text: string): string {
  return text.length <= MESSAGE_CHARS ? text : `${text.slice(0, MESSAGE_CHARS - 1)}…`;
}
