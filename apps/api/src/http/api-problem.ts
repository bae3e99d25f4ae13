import { PROBLEMS, type Problem, type ProblemCode } from '@goalkeeper/contracts';

export interface ProblemFacts {
  readonly detail?: string;
  readonly hint?: string;
  readonly errors?: Problem['errors'];
  /** Headers that belong to the answer, e.g. Retry-After. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal with one of the catalogued codes; the filter turns it into a problem document. */
export class ApiProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly facts: ProblemFacts = {},
  ) {
    super(facts.detail ?? PROBLEMS[code].title);
    this.name = 'ApiProblem';
  }
}
