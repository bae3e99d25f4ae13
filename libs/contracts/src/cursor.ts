/** Where a page of a list ended: the last item's creation time (milliseconds) and its UUID. */
export interface CursorPosition {
  readonly createdAtMs: number;
  readonly id: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The opaque text that stands for a position; clients hand it back unread. */
export function encodeCursor(position: CursorPosition): string {
  return btoa(`1:${position.createdAtMs}:${position.id}`).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The position behind an opaque text, or null when it is not one of ours. */
export function decodeCursor(text: string): CursorPosition | null {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(text)) return null;
  let plain: string;
  try {
    plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return null;
  }
  const match = /^1:(\d{1,15}):(.+)$/.exec(plain);
  if (!match?.[1] || !match[2] || !UUID.test(match[2])) return null;
  return { createdAtMs: Number(match[1]), id: match[2] };
}
