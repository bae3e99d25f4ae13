/** Where a page of a list ended: when the last item was created, and its UUID. */
export interface CursorPosition {
  readonly createdAt: Date;
  readonly id: string;
}

const POSITION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The opaque text that stands for a position; clients hand it back unread. */
export function encodeCursor({ createdAt, id }: CursorPosition): string {
  const text = btoa(`${createdAt.toISOString()} ${id}`);
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
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
  const [, time = '', id = ''] = POSITION.exec(plain) ?? [];
  const createdAt = new Date(time);
  return Number.isNaN(createdAt.getTime()) ? null : { createdAt, id };
}
