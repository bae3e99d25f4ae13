/** A failure that a person can act on: shown without a stack, with what to do next. */
export class SetupError extends Error {
  constructor(message, { hint = '', exitCode = 1 } = {}) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
