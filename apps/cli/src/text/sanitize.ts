import { stripVTControlCharacters } from 'node:util';

/** C0 and C1 controls, DEL, line separators and the marks that reorder or hide text. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/**
 * Text from a server or a file made safe to print: terminal sequences, control characters and marks that reorder
 * text are removed, white space (also line breaks) becomes single spaces.
 */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/gu, ' ').replace(UNSAFE, '').trim();
}

/** Like {@link oneLine}, but line breaks stay: one safe line per element. */
export function safeLines(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => stripVTControlCharacters(line).replace(/\t/gu, '  ').replace(UNSAFE, ''));
}

/** JSON on one line whose text holds no character that a terminal would obey; it parses back to an equal value. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
