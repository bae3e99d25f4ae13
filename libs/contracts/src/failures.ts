interface FailureKind {
  readonly title: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const kind = (title: string, hint: string, retryable = false): FailureKind => ({ title, hint, retryable });
const again = (title: string, hint: string): FailureKind => kind(title, hint, true);

const PACK = 'A pack or plug-in of this installation is broken: correct it and restart the workers';
const REPORT = 'A defect: report it with the log of the worker';
const FILE = 'Correct the file, or make it anew';

/**
 * Every code that we give a goal that ended without success, or the failure of one of its steps; plug-ins have codes of
 * their own. `retryable`: the same goal, created anew later, has a chance.
 */
export const FAILURES = {
  'intent.unknown': kind(
    'The words match no task',
    'Say it in the words of a task, or name the task with its arguments',
  ),
  'intent.ambiguous': kind(
    'The words can mean several tasks, and nobody said which',
    'Name the task with its arguments, or answer the question when the goal asks',
  ),
  'task.unavailable': kind(
    'The task is understood and cannot be done here',
    'Install the tools that the message names, or ask for something else',
  ),
  'task.invalid_arguments': kind('The arguments do not fit the task', 'Correct the argument that the message names'),
  'definition.invalid': kind('A pack, plug-in or plan breaks its own rules', PACK),
  'plan.none': kind(
    'No plan leads to the goal',
    'Read what stands in the way; ask for less, or give the goal more steps',
  ),
  'plan.too_many_revisions': kind(
    'Every repair of the plan failed again',
    'Read why the last step failed and remove that',
  ),
  'fact.contradicted': kind(
    'What a finished step had given was lost, and could not be made again',
    'See what takes it away; the reasons of the plan revisions say which fact it is',
  ),
  'plan.broken_reference': kind('A step refers to a result that is not there', PACK),
  'selection.no_candidate': kind('No tool may do a step', '`goalkeeper explain ID` says what shuts each tool out'),
  'selection.low_confidence': kind(
    'The best action would probably fail, and nobody wanted it tried',
    'Give the goal another way, or answer the question when it is asked',
  ),
  'step.poisoned': kind(
    'A step never came back, however often it was begun',
    'Look for what ends the worker in its log; create the goal anew when that is mended',
  ),
  'effect.uncertain': kind(
    'Nobody knows whether an effect on the outside happened',
    'Find out there, then create a new goal for what is left',
  ),
  'result.contradicted': kind(
    'A tool claimed success and its result says otherwise',
    'Read the evidence with `goalkeeper get ID`; correct what the tool depends on',
  ),
  'verification.failed': kind(
    'The result is there and was found to be wrong',
    'Read which checks do not hold with `goalkeeper get ID`',
  ),
  'goal.given_up': kind('The limit of tool calls was reached', 'Raise maxSteps, or ask for less'),
  'goal.loop': kind('The goal went round in circles', 'Read which two actions undo each other, and change the pack'),
  'goal.no_progress': kind(
    'Many calls in a row brought the goal no further',
    'Read why the last steps failed; the pack needs another way, or the world stands against the goal',
  ),
  'goal.too_deep': kind(
    'Goals raise goals without end',
    'A method of a pack raises a goal that comes back to itself: give it a way that ends',
  ),
  'goal.deadline': kind('The goal was not done by its deadline', 'Give it a later deadline, or a smaller task'),
  'goal.cancelled': kind('Somebody cancelled the goal', 'Create it anew if it is wanted after all'),
  'goal.stopping': kind(
    'A tool was not called because the goal was being stopped',
    'Nothing: the goal was cancelled or out of time',
  ),
  'dependency.failed': kind('A goal it depends on did not succeed', 'See why with `goalkeeper get`; create both anew'),
  'infrastructure.unavailable': again(
    'The database, the file store or the engine stayed away for too long',
    "See the worker's log; create the goal anew when they are back",
  ),
  'workflow.terminated': again(
    'The workflow ended without closing its goal',
    'Look at it in the Temporal Web UI, then create the goal anew',
  ),
  'database.row_missing': kind('A row that a step relies on is not stored', REPORT),
  'artifact.unknown': kind(
    'The content of a file is not in the store',
    'Upload it anew; see that API and workers share one GK_DATA_DIR',
  ),
  'artifact.too_large': kind('A file is larger than the store takes', 'Make it smaller, or split it'),
  defect: kind('Our own code broke', REPORT),
  'tool.failed': kind('A tool failed without saying why', 'See the log of the tool'),
  'tool.unknown': kind('A worker does not have a tool that a plan uses', 'Install the plug-in on every worker'),
  'tool.timeout': again('A tool took longer than it may', 'Give it less at once, or raise timeoutMs of the tool'),
  'tool.crashed': again(
    'The process of a tool ended in the middle',
    'See the message; give it less at once or more memory',
  ),
  'tool.defect': kind('A tool broke', 'Report it to its author with the message'),
  'tool.invalid_arguments': kind('A tool was called with arguments that it does not take', PACK),
  'tool.invalid_output': kind('A tool returned what it does not promise', 'Report it to its author with the message'),
  'source.missing': kind('The data is not there', 'Take one of the files that the message names, or upload it'),
  'source.outside_roots': kind(
    'The file lies where goals may not read',
    'Put it below a folder of GK_FILE_ROOTS, or upload it',
  ),
  'source.not_a_file': kind('It is no file that can be read', 'Name a CSV, JSON or Parquet file'),
  'source.empty': kind('The file holds nothing', 'Check how it was made or copied'),
  'source.binary': kind('The file is no text and no Parquet', 'Give CSV, JSON or Parquet'),
  'data.not_tabular': kind('The file holds no table', 'Give rows: CSV, a JSON list of objects, or Parquet'),
  'data.encoding': kind('The text is not encoded as UTF-8', 'Save it as UTF-8'),
  'data.ragged_rows': kind('Rows have different numbers of cells', FILE),
  'data.column_names': kind('Column names are missing or stand there twice', 'Name every column differently'),
  'data.too_wide': kind('The table has too many columns', 'Keep fewer'),
  'data.no_rows': kind('The table has no rows', 'Check how it was made'),
  'data.json_broken': kind('The file is broken JSON', FILE),
  'data.parquet_broken': kind('The file is broken Parquet', FILE),
  'data.condition_unclear': kind(
    'It is not clear which column a condition is about',
    'Say it as "where COLUMN is VALUE"; the message names the columns that may be meant',
  ),
  'data.unknown_value': kind(
    'No column holds the value that was asked for',
    'Use one of the values that the message names',
  ),
  'data.no_rows_meet': kind(
    'No row meets the conditions',
    'Ask for other rows; the message has the conditions as understood',
  ),
  'data.unknown_column': kind('The table has no such column', 'Use one of the columns that the message names'),
  'data.not_a_number': kind('The column to measure holds no numbers', 'Name another column'),
  'data.chart_impossible': kind(
    'The columns do not allow the chart',
    'Ask for another kind of chart, or other columns',
  ),
  'data.key_not_unique': kind(
    'The key names several rows',
    'Name a column that differs in every row, or leave the key out',
  ),
  'data.no_common_columns': kind('The tables have no column in common', 'Name columns alike, or compare other files'),
  'source.too_many': kind('The folder holds too many files', 'Name a smaller folder'),
  'research.no_documents': kind('There is no document to read', 'Name text, Markdown, HTML, CSV or JSON files'),
  'research.unreadable': kind('A document is no text', 'Save it as text, Markdown, HTML, CSV or JSON'),
  'research.too_large': kind('The documents are too large to read at once', 'Name fewer documents'),
  'research.document_changed': kind('A document was changed while it was read', 'Ask again'),
  'research.quote_missing': kind('A quote does not stand where it should', REPORT),
  'data.out_of_memory': kind(
    'The data does not fit into the memory that a tool may take',
    'Give fewer rows or columns',
  ),
} as const satisfies Record<string, FailureKind>;
