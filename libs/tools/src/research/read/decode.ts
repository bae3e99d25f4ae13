import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { ToolFailure } from '../../definition';
import type { DocumentKind } from '../model';

/** Longest document that is read. */
export const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;

export interface DecodedDocument {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly kind: DocumentKind;
  readonly sha256: string;
  readonly sizeBytes: number;
}

const KINDS: Readonly<Record<string, DocumentKind>> = {
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
};

/**
 * Reads a document as text. Bytes that are no UTF-8 are read by their byte order mark, else as windows-1252, which has a
 * character for every byte. An empty file is an empty text.
 *
 * @throws {ToolFailure} `research.unreadable` for what is no text, `research.too_large`
 */
export async function decodeDocument(path: string, name: string): Promise<DecodedDocument> {
  const { size } = await stat(path);
  if (size > MAX_DOCUMENT_BYTES)
    throw new ToolFailure(
      'research.too_large',
      `${name} is too long: documents of up to ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB are read.`,
    );
  const bytes = await readFile(path);
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  if (text.includes('\0')) throw unreadable(name, 'it holds zero characters');
  const known = ['%PDF-', 'PK\u0003\u0004', '{\\rtf'].find((magic) => text.startsWith(magic));
  if (known) throw unreadable(name, 'it is a PDF, an office document or an archive');
  if (encoding === 'windows-1252' && controlShare(bytes) > 0.02) throw unreadable(name, 'it is binary');
  return {
    text,
    encoding,
    kind: kindOf(name, text),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
  };
}

function unreadable(name: string, why: string): ToolFailure {
  return new ToolFailure(
    'research.unreadable',
    `${name} cannot be read as text: ${why}. Save it as text, Markdown, HTML, CSV or JSON.`,
  );
}

function encodingOf(bytes: Buffer): DecodedDocument['encoding'] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

function kindOf(name: string, text: string): DocumentKind {
  const ending = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const kind = KINDS[ending];
  if (kind) return kind;
  return /^\s*(?:<!doctype html|<html[\s>])/i.test(text.slice(0, 1000)) ? 'html' : 'text';
}

function controlShare(bytes: Buffer): number {
  const head = bytes.subarray(0, 64 * 1024);
  let controls = 0;
  for (const byte of head) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls += 1;
  return head.length === 0 ? 0 : controls / head.length;
}
