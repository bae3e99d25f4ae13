import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface Listening {
  readonly status: number;
  readonly frames: EventSourceMessage[];
  readonly comments: string[];
  /** How the stream ended: by itself, or because `enough` said so. */
  readonly ended: 'server' | 'cut';
}

/** Reads a stream until it ends or `enough` is true after a frame; then the connection is cut. */
export async function listen(
  url: string,
  headers: Readonly<Record<string, string>>,
  enough: (frames: number) => boolean = () => false,
): Promise<Listening> {
  const cut = new AbortController();
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: cut.signal });
  const frames: EventSourceMessage[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: (frame) => frames.push(frame),
    onComment: (text) => comments.push(text.trim()),
  });
  const decoder = new TextDecoder();
  if (!response.body) return { status: response.status, frames, comments, ended: 'server' };
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    for (const line of decoder.decode(chunk.value, { stream: true }).split(/(?<=\n\n)/)) {
      parser.feed(line);
      if (enough(frames.length)) {
        cut.abort();
        return { status: response.status, frames, comments, ended: 'cut' };
      }
    }
  }
  return { status: response.status, frames, comments, ended: 'server' };
}
