import type { Findings } from './finding.js';

/** Checks a media playlist. Reads its lines once. */
export function checkMediaPlaylist(
  text: string,
  headers: Headers,
  originNowMs: number,
  findings: Findings,
): void {
  const lines = text.split(/\r\n?|\n/);
  const isLive = !lines.includes('#EXT-X-ENDLIST');
  const targetS = Number(/^#EXT-X-TARGETDURATION:(\d+)/m.exec(text)?.[1] ?? 0);
  const durations = lines.flatMap((line) => (line.startsWith('#EXTINF:') ? parseFloat(line.slice(8)) : []));
  const totalS = durations.reduce((sum, each) => sum + each, 0);
  findings.ok(
    `is a ${isLive ? 'live' : 'complete'} media playlist: ${String(durations.length)} segments, ${totalS.toFixed(0)} s, target duration ${String(targetS)} s`,
  );
  checkType(headers, findings);
  const longest = durations.reduce((most, each) => Math.max(most, each), 0);
  if (Math.round(longest) > targetS)
    findings.warning(
      `A segment has ${longest.toFixed(1)} s, more than the target duration.`,
      'Set EXT-X-TARGETDURATION to at least the longest segment (RFC 8216 section 4.3.3.1). Players reload too often otherwise.',
    );
  if (!isLive) return;
  if (totalS < 3 * targetS)
    findings.warning(
      `The live playlist has ${totalS.toFixed(0)} s only.`,
      'Keep at least three target durations in it (RFC 8216 section 6.2.2). Players stall otherwise.',
    );
  checkAge(lines, headers, { targetS, originNowMs }, findings);
}

function checkType(headers: Headers, findings: Findings): void {
  const type = (headers.get('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (/^(?:application|audio)\/(?:vnd\.apple\.mpegurl|x-?mpegurl|mpegurl)$/.test(type)) return;
  findings.warning(
    'The Content-Type is not that of a playlist. Safari refuses some others.',
    'Send Content-Type: application/vnd.apple.mpegurl.',
  );
}

interface LiveTimes {
  readonly targetS: number;
  /** Time of the origin, in milliseconds. */
  readonly originNowMs: number;
}

/** A live playlist changes with each segment, so caches may keep it for less than a target duration. */
function checkAge(
  lines: readonly string[],
  headers: Headers,
  { targetS, originNowMs }: LiveTimes,
  findings: Findings,
): void {
  const maxAgeS = Number(/\bmax-age=(\d+)/i.exec(headers.get('Cache-Control') ?? '')?.[1] ?? 0);
  const ageS = Number(headers.get('Age') ?? 0);
  if (maxAgeS > targetS)
    findings.fault(
      `Caches keep the live playlist for ${String(maxAgeS)} s, longer than a segment of ${String(targetS)} s.`,
      `Set Cache-Control: max-age=${String(Math.max(1, Math.floor(targetS / 2)))} for live playlists.`,
    );
  else if (ageS > targetS)
    findings.fault(
      `The live playlist is ${String(ageS)} s old: a cache gives an old one.`,
      'Let the CDN keep live playlists for less than a target duration.',
    );
  const edgeMs = liveEdgeOf(lines);
  const behindS = edgeMs === null ? 0 : (originNowMs - edgeMs) / 1000;
  if (behindS > Math.max(30, 6 * targetS))
    findings.fault(
      `The newest segment ended ${behindS.toFixed(0)} s ago: the stream stands still.`,
      'Check that the encoder sends, and that the CDN does not keep the playlist.',
    );
  const changed = Date.parse(headers.get('Last-Modified') ?? '');
  const stillS = (originNowMs - changed) / 1000;
  if (edgeMs === null && stillS > Math.max(30, 6 * targetS))
    findings.fault(
      `The live playlist has not changed for ${stillS.toFixed(0)} s.`,
      'Check that the encoder sends. A recording that is complete ends with EXT-X-ENDLIST.',
    );
}

/** End of the last segment, if the playlist says the time of one. */
function liveEdgeOf(lines: readonly string[]): number | null {
  let edgeMs: number | null = null;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) {
      const time = Date.parse(line.slice(25));
      if (!Number.isNaN(time)) edgeMs = time;
    } else if (line.startsWith('#EXTINF:') && edgeMs !== null) {
      const seconds = parseFloat(line.slice(8));
      if (seconds > 0) edgeMs += seconds * 1000;
    }
  }
  return edgeMs;
}
