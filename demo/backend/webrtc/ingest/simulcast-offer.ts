import type { MediaSection } from '../sdp-text.js';

/** More encodings cost the sender more than they give to viewers. */
const MAX_ENCODINGS = 4;
const RID = /^[A-Za-z0-9]{1,16}$/;

/**
 * Names of the encodings that a section offers to send at once. Of alternatives the first one counts; one that begins
 * paused counts, too.
 * @see https://www.rfc-editor.org/rfc/rfc8853#section-5.1
 */
export function readSimulcast({ lines }: MediaSection): string[] {
  const list = lines.map((line) => /^a=simulcast:.*?\bsend ([^ ]+)/.exec(line)?.[1]).find(Boolean);
  const named = (list ?? '').split(';').map((each) => (each.split(',', 1)[0] ?? '').replace(/^~/, ''));
  const declared = new Set(lines.map((line) => /^a=rid:(\S+) send\b/.exec(line)?.[1]));
  return [...new Set(named)].filter((rid) => RID.test(rid) && declared.has(rid)).slice(0, MAX_ENCODINGS);
}

/** The lines of a section with these encodings only, without restrictions. */
export function withEncodings(lines: readonly string[], rids: readonly string[]): string[] {
  const others = lines.filter((line) => !/^a=(?:rid|simulcast):/.test(line));
  if (rids.length === 0) return others;
  return [...others, ...rids.map((rid) => `a=rid:${rid} send`), `a=simulcast:send ${rids.join(';')}`];
}
