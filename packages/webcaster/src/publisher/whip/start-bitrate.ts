/** Share of `video-bitrate` that an encoder starts with. */
const START_SHARE = 0.6;

/**
 * The ingest's SDP answer with a start bitrate for Chromium. Without it Chromium starts at 300 kbit/s and takes half a
 * minute to reach a few Mbit/s if the ingest sends no bandwidth feedback. Other engines ignore the parameter.
 */
export function withStartBitrate(answerSdp: string, videoBitrateKbps: number): string {
  const parameter = `x-google-start-bitrate=${String(Math.round(videoBitrateKbps * START_SHARE))}`;
  const lines = answerSdp.split('\n');
  const start = lines.findIndex((line) => line.startsWith('m=video '));
  if (start < 0) return answerSdp;
  const next = lines.findIndex((line, index) => index > start && line.startsWith('m='));
  const end = next < 0 ? lines.length : next;
  const payload = /^m=video \S+ \S+ (\d+)/.exec(lines[start] ?? '')?.[1] ?? '';
  const find = (prefix: string): number =>
    lines.findIndex((line, index) => index > start && index < end && line.startsWith(prefix));
  const format = find(`a=fmtp:${payload} `);
  const codec = find(`a=rtpmap:${payload} `);
  const at = format < 0 ? codec : format;
  if (at < 0) return answerSdp;
  const line = (lines[at] ?? '').replace(/\r$/, '');
  const lineEnd = lines[at]?.endsWith('\r') ? '\r' : '';
  lines[at] =
    format < 0
      ? `${line}${lineEnd}\na=fmtp:${payload} ${parameter}${lineEnd}`
      : `${line};${parameter}${lineEnd}`;
  return lines.join('\n');
}
