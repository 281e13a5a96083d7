import type { GatecastError } from '@gatecast/token';
import { fillMessage, type MessageTable } from './message-tables.js';

/** Line breaks and other control characters, and those that change the direction of the text after them. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu;

/**
 * The text for the viewer: what went wrong and what to do. A page that wants to show the reason that its backend gives writes
 * `{reason}` into its own text. It is plain text, in one line.
 */
export function errorText(
  { code, reason = '' }: Pick<GatecastError, 'code' | 'reason'>,
  messages: MessageTable,
): string {
  const text = messages[`error-${code}`] ?? messages['unknownError'] ?? '';
  const plain = reason.replace(CONTROLS, ' ').trim();
  // In a sentence of another direction it stays together.
  return fillMessage(text, { reason: plain && `\u2068${plain}\u2069` }).trim();
}
