import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';

const FLUSH_CHARS = 256 * 1024;

/** Writes a big text piece by piece, waiting when the disk is slower than we are. */
export class TextWriter {
  private readonly stream: WriteStream;
  private pending = '';

  constructor(path: string) {
    this.stream = createWriteStream(path);
  }

  async write(text: string): Promise<void> {
    this.pending += text;
    if (this.pending.length >= FLUSH_CHARS) await this.flush();
  }

  async end(): Promise<void> {
    await this.flush();
    this.stream.end();
    await once(this.stream, 'finish');
  }

  private async flush(): Promise<void> {
    const text = this.pending;
    this.pending = '';
    if (text !== '' && !this.stream.write(text)) await once(this.stream, 'drain');
  }
}
