/** Goals of which this process keeps a note; the oldest are forgotten first. */
const MAX_GOALS = 10_000;

/**
 * The goals whose way this process has followed: planned here for the first time, or a call made here that came back. Of any other
 * goal a call may be the one that killed the last process, for what a local activity did is lost with its process.
 */
export class FollowedGoals {
  private readonly ids = new Set<string>();

  add(goalId: string): void {
    this.ids.delete(goalId); // the newest comes last
    this.ids.add(goalId);
    if (this.ids.size > MAX_GOALS) for (const oldest of this.ids.values()) return void this.ids.delete(oldest);
  }

  has(goalId: string): boolean {
    return this.ids.has(goalId);
  }
}
