import { maskError } from '../observation/error-template';
import { digest64 } from './draw';

/**
 * The text of an error without what differs from case to case: ids, addresses, quoted text, paths, numbers. Texts of one
 * template are one kind of failure.
 */
export const errorTemplate = maskError;

/** What names a kind of failure of a tool: its stable code and the template of its text; the `id` of `signatureOf`. */
export function errorSignature(code: string, template: string): string {
  return digest64(`${code}\u0000${template}`);
}
