/**
 * The engine takes 400 bytes of a summary as it travels: JSON in UTF-8, beside a few bytes that name the encoding. More would fail
 * the workflow task, again and again.
 */
const MAX_BYTES = 300;
const MARK = '…';
const MARK_BYTES = 3;

/**
 * One line for the Web UI, of a size that the engine takes whatever the alphabet: line breaks and other control characters become
 * spaces, halves of surrogate pairs U+FFFD, and what is too much makes room for `…`.
 *
 * @returns at most 300 bytes of UTF-8, quotes and backslashes counted with their escapes
 */
export function summaryLine(text: string): string {
  let line = '';
  let bytes = 0;
  let cutAt = 0;
  for (const character of text) {
    const shown = shownAs(character);
    bytes += bytesOf(shown);
    if (bytes > MAX_BYTES) return line.slice(0, cutAt) + MARK;
    line += shown;
    if (bytes <= MAX_BYTES - MARK_BYTES) cutAt = line.length;
  }
  return line;
}

function shownAs(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return ' ';
  return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : character;
}

/** Counted by hand: the sandbox of a workflow has no business with encoders. */
function bytesOf(character: string): number {
  if (character === '"' || character === '\\') return 2;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
