/**
 * Lets a recording begin at a time, in place of where its playlists say. A live stream begins where it is live. Pure; needs a
 * time that grows no faster than the text.
 *
 * @param text - a playlist.
 * @param timeS - seconds from its beginning.
 * @see https://www.rfc-editor.org/rfc/rfc8216#section-4.3.5.2
 */
export function beginAt(text: string, timeS: number): string {
  const others = text.replace(/^#EXT-X-START:[^\r\n]*[\r\n]*/gm, '');
  const isRecording = /^#EXT-X-ENDLIST/m.test(others);
  return isRecording
    ? others.replace('#EXTM3U', `#EXTM3U\n#EXT-X-START:TIME-OFFSET=${String(timeS)}`)
    : others;
}
