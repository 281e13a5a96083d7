/** Share of the wanted bitrate that an encoder begins with. */
const START_SHARE = 0.6;

/**
 * The ingest's answer with a bitrate for Chromium to begin with. On its own it begins at 300 kbit/s and takes half a
 * minute to reach a few megabits where the ingest sends no bandwidth feedback; other engines ignore the parameter.
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
