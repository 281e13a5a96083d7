/**
 * Name of a stream: 1 to 256 characters without control characters, and neither `.` nor `..`. Origins call it playback
 * id or stream name.
 */
export type StreamName = string;

/** Longest name of a stream, in UTF-16 code units. */
export const LONGEST_STREAM_NAME = 256;

/** No control characters, because they forge log lines; no lone surrogates, because UTF-8 cannot carry them. */
export const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;

/** What is wrong with the name of a stream. */
export type StreamNameFault = 'empty' | 'too-long' | 'control-character' | 'dot-segment';

/**
 * Checks the name of a stream: 1 to {@link LONGEST_STREAM_NAME} characters, no control character, and neither `.` nor
 * `..`, because names become parts of paths. Returns `null` for a valid name.
 */
export function streamNameFault(name: string): StreamNameFault | null {
  if (name === '') return 'empty';
  if (name.length > LONGEST_STREAM_NAME) return 'too-long';
  if (!PRINTABLE.test(name)) return 'control-character';
  return name === '.' || name === '..' ? 'dot-segment' : null;
}
