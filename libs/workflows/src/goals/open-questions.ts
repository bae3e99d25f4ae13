import type { Answer } from '@goalkeeper/domain/workflow';

/** What a running goal waits for people to say, by question. */
export class OpenQuestions {
  private readonly waiting = new Set<string>();
  private readonly answers = new Map<string, Answer>();

  begin(questionId: string): void {
    this.waiting.add(questionId);
  }

  end(questionId: string): void {
    this.waiting.delete(questionId);
    this.answers.delete(questionId);
  }

  /** Takes an answer; that to a question which nobody waits for any more, or not yet, does no harm: the store has it too. */
  hear(questionId: string, answer: Answer): void {
    this.answers.set(questionId, answer);
  }

  answerTo(questionId: string): Answer | null {
    return this.answers.get(questionId) ?? null;
  }

  /** True while a question is open, the one named left out. */
  isAnyOpen(exceptId?: string): boolean {
    for (const id of this.waiting) if (id !== exceptId && !this.answers.has(id)) return true;
    return false;
  }
}
