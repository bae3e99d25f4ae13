/** npm scripts of a checkout that lead to this command; the command itself is then not on PATH. */
const SCRIPTS = new Set(['goalkeeper', 'start']);

/** How the person who reads our hints can call this command. */
export function commandName(env: NodeJS.ProcessEnv = process.env): string {
  return SCRIPTS.has(env.npm_lifecycle_event ?? '') ? 'npm run --silent goalkeeper --' : 'goalkeeper';
}
