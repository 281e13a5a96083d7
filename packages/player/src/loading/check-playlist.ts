import { redactUrl } from '@gatecast/token';
import { invalidSource, tooLargeSource } from '../source/source-errors.js';

const LINES = 200_000;
const LINE_LENGTH = 65_536;
/** Text that hls.js searches once for each of its characters: see {@link slowTextOf}. */
const SLOW_TEXT = 8192;
/** Shorter pieces of such text take no time worth counting. */
const SLOW_TEXT_MIN = 128;
/** A day. A reload timer above 24.8 days would fire at once, again and again. */
const TARGET_DURATION_S = 86_400;
const SKIPPED_SEGMENTS = 100_000;
/** Length of the text after all variables are replaced. */
const EXPANDED_LENGTH = 16 * 1024 * 1024;
/** Tags whose number hls.js multiplies with another number, by their highest number. */
const TAG_LIMITS: ReadonlyMap<string, number> = new Map([
  ['STREAM-INF', 500],
  ['I-FRAME-STREAM-INF', 500],
  ['MEDIA', 500],
  ['SESSION-KEY', 500],
  ['DEFINE', 500],
  ['RENDITION-REPORT', 500],
  ['DATERANGE', 2000],
  ['DISCONTINUITY-SEQUENCE', 10],
]);

const LINE = /[^\r\n]+/g;
const TAG = /#EXT-X-([A-Z-]+)/g;
const NUMBER = /#EXT-X-(TARGETDURATION|MEDIA-SEQUENCE|DISCONTINUITY-SEQUENCE): *(\d+)/g;
const SKIPPED = /SKIPPED-SEGMENTS\s*=([^,\r\n]*)/g;
/** The tags whose attribute list (RFC 8216 section 4.2) hls.js parses. */
const ATTRIBUTE_TAG =
  /#EXT-X-(?:(?:I-FRAME-)?STREAM-INF|MEDIA|SESSION-DATA|(?:SESSION-)?KEY|DEFINE|CONTENT-STEERING|START|MAP|PART|PART-INF|DATERANGE|PRELOAD-HINT|RENDITION-REPORT|SERVER-CONTROL|SKIP):/;
const ATTRIBUTES = /(?:[^=",]+=(?:"[^"]*"|[^",]*)(?:,|$))*/y;

/**
 * Checks a playlist before hls.js or a native player reads it. The parser of hls.js takes quadratic time or endless memory
 * for some texts; this takes a time that grows no faster than the text.
 *
 * @param longestVariable - length of the longest variable that the playlist may import (`EXT-X-DEFINE:IMPORT`).
 * @returns the length of the longest variable that it defines or imports.
 * @throws GatecastError `source-too-large`, `source-invalid`
 */
export function checkPlaylist(text: string, url: string, longestVariable = 0): number {
  const fault = findExcess(text);
  if (fault) throw tooLargeSource(redactUrl(url), fault);
  const badNumber = findBadNumber(text);
  if (badNumber) throw invalidSource(redactUrl(url), badNumber);
  const { longest, expanded } = measureVariables(text, Math.max(longestVariable, url.length));
  if (expanded > EXPANDED_LENGTH)
    throw tooLargeSource(redactUrl(url), 'its variables (EXT-X-DEFINE) expand too far');
  return longest;
}

function findExcess(text: string): string | null {
  let lines = 0;
  let slowText = 0;
  for (const [line] of text.matchAll(LINE)) {
    lines += 1;
    if (lines > LINES) return `it has more than ${String(LINES)} lines`;
    if (line.length > LINE_LENGTH) return `a line has more than ${String(LINE_LENGTH)} characters`;
    const slow = slowTextOf(line);
    if (slow > SLOW_TEXT_MIN) slowText += slow;
    if (slowText > SLOW_TEXT) return 'it has too many characters that are part of no attribute';
  }
  const counts = new Map<string, number>();
  for (const [, tag = ''] of text.matchAll(TAG)) {
    const count = (counts.get(tag) ?? 0) + 1;
    counts.set(tag, count);
    const limit = TAG_LIMITS.get(tag);
    if (limit !== undefined && count > limit) return `it has more than ${String(limit)} EXT-X-${tag} tags`;
  }
  return null;
}

/**
 * Number of characters of a line for each of which hls.js searches all that follow: blanks at the end of a line, and what is
 * not `NAME=value` in an attribute list.
 */
function slowTextOf(line: string): number {
  const blanks = line.length - line.trimEnd().length;
  const tag = line.length > SLOW_TEXT_MIN ? ATTRIBUTE_TAG.exec(line) : null;
  if (!tag) return blanks;
  // hls.js finds a tag in the middle of a line, too.
  if (line.includes('#EXT-X-', 1)) return line.length;
  const start = tag[0].length;
  ATTRIBUTES.lastIndex = start;
  return Math.max(blanks, line.length - start - (ATTRIBUTES.exec(line)?.[0].length ?? 0));
}

function findBadNumber(text: string): string | null {
  for (const [, tag = '', digits = ''] of text.matchAll(NUMBER)) {
    const limit = tag === 'TARGETDURATION' ? TARGET_DURATION_S : Number.MAX_SAFE_INTEGER;
    if (Number(digits) > limit) return `EXT-X-${tag} is larger than ${String(limit)}`;
  }
  for (const [, value = ''] of text.matchAll(SKIPPED)) {
    const count = Number(value.replaceAll('"', ''));
    if (!(count >= 0 && count <= SKIPPED_SEGMENTS)) {
      return `SKIPPED-SEGMENTS is not a number from 0 to ${String(SKIPPED_SEGMENTS)}`;
    }
  }
  return null;
}

/** An upper bound: each reference counts as long as the longest variable before it. */
function measureVariables(text: string, longestBefore: number): { longest: number; expanded: number } {
  let longest = longestBefore;
  let expanded = text.length;
  for (const [line] of text.matchAll(LINE)) {
    const length = line.length + (line.split('{$').length - 1) * longest;
    expanded += length - line.length;
    if (line.includes('#EXT-X-DEFINE:')) longest = Math.max(longest, length);
    if (expanded > EXPANDED_LENGTH) break;
  }
  return { longest, expanded };
}
