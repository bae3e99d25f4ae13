import type { PipeTransform } from '@nestjs/common';
import { parsePublicId, type IdPrefix, type ProblemCode } from '@goalkeeper/contracts';
import { ApiProblem } from './api-problem';

const NOT_FOUND = {
  goal: 'goal.not_found',
  art: 'artifact.not_found',
  cmd: 'command.not_found',
  upl: 'upload.not_found',
  les: 'lesson.not_found',
  snap: 'snapshot.not_found',
} as const satisfies Partial<Record<IdPrefix, ProblemCode>>;

/** Turns a public id into the UUID behind it; a malformed id is an unknown one. */
export class PublicIdPipe implements PipeTransform<string, string> {
  constructor(private readonly prefix: keyof typeof NOT_FOUND) {}

  transform(text: string): string {
    const uuid = parsePublicId(this.prefix, text);
    if (uuid === null) throw new ApiProblem(NOT_FOUND[this.prefix]);
    return uuid;
  }
}
