const { readFile } = require('node:fs/promises');
const { z } = require('zod');

/** The tool: does the work. */
const count = {
  name: 'words.count',
  version: '1.0.0',
  summary: 'Counts the words of a text file.',
  input: z.object({ source: z.string().min(1) }),
  output: z.object({ words: z.int().min(0) }),
  effect: 'pure',
  boundMs: 1_000,
  timeoutMs: 30_000,
  costUsd: 0,
  async run({ source }, { sources }) {
    const file = await sources.resolve(source);
    const words = (await readFile(file.path, 'utf8')).split(/\s+/).filter(Boolean).length;
    return { output: { words }, summary: `${file.name} has ${words} words` };
  },
};

/** The verifier: looks for itself, in another way. */
const countIsTrue = {
  name: 'words.count_is_true',
  async verify({ args }, { sources, outputs }) {
    const file = await sources.resolve(args.source);
    const text = await readFile(file.path, 'utf8');
    let seen = 0;
    for (const { 0: word } of text.matchAll(/\S+/g)) seen += word.length > 0 ? 1 : 0;
    const claimed = outputs.count?.words;
    return [{ check: `${file.name} has ${claimed} words`, holds: seen === claimed, seen: `${seen} words` }];
  },
};

exports.plugin = { name: 'words', version: '1.0.0', tools: [count], verifiers: [countIsTrue] };
