import type { ByteRange } from '@gatecast/contract';
import type { Visit } from './visit.js';

/** The first bytes of the formats that HLS has: fragmented MP4, transport stream, packed audio, WebVTT. */
function isMedia(bytes: Uint8Array): boolean {
  const box = String.fromCharCode(...bytes.subarray(4, 8));
  if (/^(?:ftyp|styp|moof|moov|sidx|emsg|prft|free|skip|mdat)$/.test(box)) return true;
  if (bytes[0] === 0x47 && (bytes.length < 189 || bytes[188] === 0x47)) return true;
  const start = String.fromCharCode(...bytes.subarray(0, 9));
  // ADTS and MPEG audio begin with a frame sync of at least 11 bits.
  return (
    /^(?:ID3|(?:\xef\xbb\xbf)?WEBVTT)/.test(start) || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)
  );
}

/** Are whole segments of a playlist encrypted? Their bytes have no format then. */
export function isEncrypted(playlist: string): boolean {
  return /^#EXT-X-KEY:.*\bMETHOD=AES-/m.test(playlist);
}

/** Encrypted bytes may begin with any character, but some of the next ones are in no text. */
function isText(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 64));
  // A character may be cut at the end.
  return /^\s*(?:<|\{|#EXTM3U)/.test(start) && !/[\0-\x08\x0e-\x1f\x7f]|\ufffd(?!\ufffd{0,2}$)/.test(start);
}

/** What is wrong with a segment; `null` for one that looks right. Encrypted ones have no format. */
export function sniffMedia(
  answer: Visit,
  range: ByteRange | null,
  hasNoFormat = false,
): { what: string; change: string } | null {
  const { status, headers, bytes } = answer;
  if (range && status !== 206)
    return {
      what: `The playlist names a byte range, and the origin responds with HTTP ${String(status)} and the whole file.`,
      change: 'Let the origin serve ranges (206), or write segments into files of their own.',
    };
  if (bytes.length === 0)
    return { what: 'The segment has no bytes.', change: 'Check the packager and the cache.' };
  const type = headers.get('Content-Type') ?? '';
  if (/\b(?:html|json)\b/i.test(type) || (isText(bytes) && !isMedia(bytes)))
    return {
      what: 'The response is text with status 200, not media.',
      change: 'Check the address of the segment. A CDN may respond with an error page.',
    };
  return hasNoFormat || isMedia(bytes) || /octet-stream|mp2t|mp4|aac|mpeg/i.test(type)
    ? null
    : { what: 'The bytes are of no format that HLS has.', change: 'Check the packager.' };
}
