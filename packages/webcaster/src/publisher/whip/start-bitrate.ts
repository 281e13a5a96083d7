/** Share of `video-bitrate` that an encoder starts with. */
const START_SHARE = 0.6;

/**
 * The ingest's answer with a start bitrate for Chromium. Without it Chromium starts at 300 kbit/s and takes half a
 * minute to reach a few Mbit/s if the ingest sends no bandwidth feedback. Other engines ignore the parameter.
 */
export function withStartBitrate(answerSdp: string, videoBitrateKbps: number): string {
  const parameter = `x-google-start-bitrate=${String(Math.round(videoBitrateKbps * START_SHARE))}`;
  const video = /^m=video (?:.|\n|\r(?=\n))*?(?=^m=|(?![\s\S]))/m.exec(answerSdp)?.[0];
  if (!video) return answerSdp;
  const payload = /^m=video \S+ \S+ (\d+)/.exec(video)?.[1] ?? '';
  const formatLine = new RegExp(`^a=fmtp:${payload} (.*?)(\r?)$`, 'm');
  const changed = formatLine.test(video)
    ? video.replace(formatLine, `a=fmtp:${payload} $1;${parameter}$2`)
    : video.replace(
        new RegExp(`^(a=rtpmap:${payload} .*?)(\r?)$`, 'm'),
        `$1$2\na=fmtp:${payload} ${parameter}$2`,
      );
  return answerSdp.replace(video, () => changed);
}
