import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { COMMAND_UPDATE, type GoalCommand, STATUS_QUERY, type WorkflowStatus } from './client';

/** Where the goal stands, answered by the running workflow itself. */
export const statusQuery = defineQuery<WorkflowStatus>(STATUS_QUERY);

/** Cancel, pause, resume; answered once the change is stored. The Update's id is the command's id. */
export const commandUpdate = defineUpdate<{ state: string }, [GoalCommand]>(COMMAND_UPDATE);

/** What a goal tells those that it raised when it is let rest (true) or goes on (false). */
export const holdSignal = defineSignal<[boolean]>('hold');
