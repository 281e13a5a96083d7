import { startPosition } from './start-position.js';

/** Playback that begins so many seconds before the end still shows a picture. */
const LAST_S = 0.1;
/** Without HOLD-BACK, a live stream is joined so many target durations before its end (RFC 8216bis section 4.4.3.8). */
const LIVE_SYNC_COUNT = 3;
const START = /^#EXT-X-START:[^\r\n]*[\r\n]*/gm;

/**
 * Writes a start time into a playlist, in place of its own `EXT-X-START`. A text that is not a playlist stays as it is. Pure;
 * needs a time that grows no faster than the text.
 *
 * @param startTime - seconds, as for {@link startPosition}.
 */
export function startPlaylist(text: string, startTime: number): string {
  const [head] = /^\uFEFF?#EXTM3U[^\r\n]*/.exec(text) ?? [];
  if (head === undefined) return text;
  const others = text.slice(head.length).replace(START, '');
  const totalS = length(text);
  // A multivariant playlist has no segments. Each of its children says where it begins.
  if (totalS === 0) return head + others;
  const isLive = !/^#EXT-X-ENDLIST/m.test(text);
  const livePosition = isLive ? Math.max(0, totalS - latency(text)) : null;
  const duration = isLive ? Infinity : totalS;
  const seekable = { length: 1, start: () => 0, end: () => totalS };
  const wantedS = startPosition(startTime, { duration, seekable, livePosition });
  const position = Math.min(wantedS, Math.max(0, totalS - LAST_S));
  return `${head}\n#EXT-X-START:TIME-OFFSET=${String(position)}${others}`;
}

/** Seconds of all segments, and of the parts after them. */
function length(text: string): number {
  let totalS = 0;
  let partsS = 0;
  for (const [, segmentS, partS] of text.matchAll(
    /^#EXTINF:[ \t]*([\d.]+)|^#EXT-X-PART:[^\r\n]*?\bDURATION=([\d.]+)/gm,
  )) {
    if (segmentS === undefined) partsS += Number(partS);
    else {
      totalS += Number(segmentS);
      partsS = 0;
    }
  }
  return Number.isFinite(totalS + partsS) ? totalS + partsS : 0;
}

/** Seconds before the end at which a live stream is joined. */
function latency(text: string): number {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0) || 0;
  const holdBackS =
    number(/^#EXT-X-SERVER-CONTROL:[^\r\n]*\bPART-HOLD-BACK=([\d.]+)/m) ||
    number(/^#EXT-X-SERVER-CONTROL:(?:[^\r\n]*,)?HOLD-BACK=([\d.]+)/m);
  return holdBackS || LIVE_SYNC_COUNT * number(/^#EXT-X-TARGETDURATION:(\d+)/m);
}
