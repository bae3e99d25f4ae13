/** Where the database tells what a person should know: an event name and fields, as everywhere. */
export interface DatabaseLog {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
}
