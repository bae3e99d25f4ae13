import type { Verifier } from '../../definition';
import { chartIsDrawn, profileIsComplete } from './asked-is-shown';
import { questionIsAnswered } from './question-is-answered';
import { reportIsTrue } from './report-is-true';
import { tablesAreTrue } from './tables-are-true';

/** All verifiers of this room. */
export const dataVerifiers: readonly Verifier[] = [
  reportIsTrue,
  questionIsAnswered,
  chartIsDrawn,
  profileIsComplete,
  ...tablesAreTrue,
];
