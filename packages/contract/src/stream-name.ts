/**
 * Name of a stream: 1 to 256 characters without control characters and without dot segments (`.` or `..` between slashes).
 * Origins call it playback id or stream name.
 */
export type StreamName = string;

/** Longest name of a stream, in UTF-16 code units. */
export const LONGEST_STREAM_NAME = 256;

/** No control characters, because they forge log lines; no lone surrogates, because UTF-8 cannot carry them. */
export const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;

/** A slash or backslash, also encoded. */
const SEPARATOR = String.raw`[/\\]|%(?:25)*(?:2[fF]|5[cC])`;
/** Begin of a path parameter, query or fragment, also encoded: servers cut it off a dot segment. */
const REST = '[;?#]|%(?:25)*(?:3[bBfF]|23)';

/** A name that contains the segment `.` or `..`, also in percent-encoding of any depth. */
export const DOT_SEGMENT = new RegExp(
  `(?:^|${SEPARATOR})(?:\\.|%(?:25)*2[eE]){1,2}(?:$|${SEPARATOR}|${REST})`,
  'u',
);

/** What is wrong with the name of a stream. */
export type StreamNameFault = 'empty' | 'too-long' | 'control-character' | 'dot-segment';

/**
 * Checks the name of a stream: 1 to {@link LONGEST_STREAM_NAME} characters, no control character, and no dot
 * segment, also an encoded one, because names become parts of paths. Returns `null` for a valid name.
 */
export function streamNameFault(name: string): StreamNameFault | null {
  if (name === '') return 'empty';
  if (name.length > LONGEST_STREAM_NAME) return 'too-long';
  if (!PRINTABLE.test(name)) return 'control-character';
  return DOT_SEGMENT.test(name) ? 'dot-segment' : null;
}
