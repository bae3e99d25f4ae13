import { plural } from '@goalkeeper/domain';
import { escapePointer, findJsonFault, LessonExportHead, ExportedLesson, toPointer } from '@goalkeeper/contracts';

/** Bytes of one lesson in a file, lessons in a file, and bytes of all that stands beside them, at most. */
const MOST_LESSON_BYTES = 524_288;
export const MOST_LESSONS = 10_000;
const MOST_HEAD_BYTES = 10_000;
/** Faults that are told of; whoever wrote the file corrects those first. */
const MOST_FAULTS = 50;

/** A lesson of the file that has the shape of one. */
export interface FileLesson {
  /** Its place in `lessons`, from 0, and the line of the file on which it begins, from 1. */
  readonly index: number;
  readonly line: number;
  readonly lesson: ExportedLesson;
}

/** What is wrong with a file. */
export interface FileFault {
  readonly pointer: string;
  readonly line: number;
  readonly message: string;
}

export interface LessonFile {
  readonly lessons: readonly FileLesson[];
  readonly faults: readonly FileFault[];
}

/** The text is no JSON of the shape that an export has. */
class Malformed extends Error {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

/**
 * Reads an export. Its lessons are cut out and parsed one after the other, however the file is laid out: a file that was made to do harm
 * takes no more memory than its bytes, and every fault has its line.
 *
 * @returns lessons in the order of the file; nothing should be done with them where there are faults
 */
export function readLessonFile(bytes: Uint8Array): LessonFile {
  const faults: FileFault[] = [];
  const lessons: FileLesson[] = [];
  const head: Record<string, unknown> = {};
  const cut = new Cutter(bytes);
  try {
    for (const member of cut.members()) {
      if (Object.hasOwn(head, member.name) || member.name === '__proto__')
        throw new Malformed(`${JSON.stringify(member.name)} stands twice or may not stand here`, member.line);
      if (member.name !== 'lessons') {
        head[member.name] = parsed(member.text(MOST_HEAD_BYTES), member.line);
        continue;
      }
      head.lessons = [];
      for (const element of cut.elements()) {
        const { line } = element;
        if (faults.length >= MOST_FAULTS) return { lessons, faults };
        const index = cut.count - 1;
        if (index >= MOST_LESSONS) throw new Malformed(`there are more than ${MOST_LESSONS} lessons`, line);
        readLesson(parsed(element.text(MOST_LESSON_BYTES), line), { index, line, lessons, faults });
      }
    }
    faults.push(...faultsOfHead(head));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    faults.push({ pointer: '', line: error.line, message: error.message });
  }
  return { lessons, faults };
}

function readLesson(
  value: unknown,
  { index, line, lessons, faults }: { index: number; line: number; lessons: FileLesson[]; faults: FileFault[] },
): void {
  const at = `/lessons/${index}`;
  const unsafe = findJsonFault(value);
  if (unsafe) return void faults.push({ pointer: at + unsafe.pointer, line, message: unsafe.message });
  const read = ExportedLesson.safeParse(value);
  if (read.success) return void lessons.push({ index, line, lesson: read.data });
  for (const { path, message } of read.error.issues.slice(0, 5))
    faults.push({ pointer: at + toPointer(path), line, message });
}

function faultsOfHead(head: Record<string, unknown>): FileFault[] {
  const read = LessonExportHead.safeParse(head);
  if (read.success) return [];
  return read.error.issues.map(({ path, message }) => ({
    ...{ pointer: toPointer(path), line: 1 },
    message: path.length === 0 ? message : `${escapePointer(String(path[0]))}: ${message}`,
  }));
}

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Malformed(error instanceof Error ? error.message : 'no JSON', line);
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON, NEWLINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x0a] as const;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);

interface Cut {
  readonly line: number;
  /** The text of the value; throws where it has more bytes. */
  text(atMost: number): string;
}

/** Finds where the values of an object and of a list in it begin and end, without looking at what they are. */
class Cutter {
  /** Elements of the list so far. */
  count = 0;
  private at = 0;
  private line = 1;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  constructor(private readonly bytes: Uint8Array) {}

  /** The members of the outermost object; whoever asks for the next has read the elements of this one, or gets it skipped. */
  *members(): Generator<Cut & { readonly name: string }> {
    this.expect(OPEN_OBJECT, 'an object');
    if (this.peek() === CLOSE_OBJECT) return this.end();
    for (;;) {
      const name = parsed(this.value()(1_000), this.line);
      if (typeof name !== 'string') throw new Malformed('a name of a member is expected', this.line);
      this.expect(COLON, 'a colon');
      this.peek();
      const [line, before] = [this.line, this.at];
      yield { name, line, text: (atMost) => this.value()(atMost) };
      if (this.at === before) this.value();
      if (this.peek() === CLOSE_OBJECT) return this.end();
      this.expect(COMMA, 'a comma');
    }
  }

  /** The elements of the list that is the value of the member at hand. */
  *elements(): Generator<Cut> {
    this.expect(OPEN_LIST, 'a list of lessons');
    if (this.peek() === CLOSE_LIST) return void (this.at += 1);
    for (;;) {
      this.peek();
      const line = this.line;
      this.count += 1;
      yield { line, text: this.value() };
      if (this.peek() === CLOSE_LIST) return void (this.at += 1);
      this.expect(COMMA, 'a comma');
    }
  }

  /** Goes behind the value that begins here. */
  private value(): Cut['text'] {
    this.peek();
    const [from, line] = [this.at, this.line];
    if (this.bytes[from] === QUOTE) this.string();
    else if (this.bytes[from] === OPEN_OBJECT || this.bytes[from] === OPEN_LIST) this.nested();
    else this.bare();
    const to = this.at;
    if (to === from) throw new Malformed('a value is expected', line);
    return (atMost) => {
      if (to - from > atMost) throw new Malformed(`it is longer than ${plural(atMost, 'byte')}`, line);
      try {
        return this.decoder.decode(this.bytes.subarray(from, to));
      } catch {
        throw new Malformed('it is not UTF-8', line);
      }
    };
  }

  private string(): void {
    const line = this.line;
    for (this.at += 1; this.bytes[this.at] !== QUOTE; this.at += 1) {
      if (this.at >= this.bytes.length) throw new Malformed('a text has no end', line);
      if (this.bytes[this.at] === BACKSLASH) this.at += 1;
    }
    this.at += 1;
  }

  private nested(): void {
    const line = this.line;
    let depth = 0;
    do {
      if (this.at >= this.bytes.length) throw new Malformed('an object or list has no end', line);
      const byte = this.bytes[this.at];
      if (byte === QUOTE) {
        this.string();
        continue;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
      if (byte === NEWLINE) this.line += 1;
      this.at += 1;
    } while (depth > 0);
  }

  private bare(): void {
    while (this.at < this.bytes.length && !this.endsBare(this.bytes[this.at] ?? 0)) this.at += 1;
  }

  private endsBare(byte: number): boolean {
    return byte === COMMA || byte === COLON || byte === CLOSE_LIST || byte === CLOSE_OBJECT || BLANKS.has(byte);
  }

  /** The next byte that is no blank; stays before it. */
  private peek(): number | undefined {
    for (; BLANKS.has(this.bytes[this.at] ?? 0); this.at += 1) if (this.bytes[this.at] === NEWLINE) this.line += 1;
    return this.bytes[this.at];
  }

  private expect(byte: number, what: string): void {
    if (this.peek() !== byte) throw new Malformed(`${what} is expected`, this.line);
    this.at += 1;
  }

  private end(): void {
    this.at += 1;
    this.peek();
    if (this.at < this.bytes.length) throw new Malformed('nothing may follow the object', this.line);
  }
}
