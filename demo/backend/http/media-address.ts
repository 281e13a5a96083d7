export type MediaKind = 'playlist' | 'init' | 'segment' | 'key';

/** Parsed path of a request under `/live/`. */
export interface MediaAddress {
  /** Stream that the token must be for. All files below a stream's playlist belong to that stream. */
  readonly stream: string;
  /**
   * Path below the stream, for example `high/12.m4s`. Empty for the stream's own playlist, and {@link dashManifest} for its
   * MPD.
   */
  readonly resource: string;
  readonly kind: MediaKind;
}

/** {@link MediaAddress.resource} of `<stream>.mpd`. No other address has it. */
export const dashManifest = '.mpd';

/**
 * Parses a path below `/live/`. `demo.m3u8` is the playlist of `demo`, `demo.mpd` its MPD, and all files under `demo/` belong to
 * it. A token for `demo` is valid for all of them, and for no other stream. The file name of a part has two dots.
 *
 * @returns `undefined` for a path with an unknown form.
 */
export function readMediaAddress(path: string): MediaAddress | undefined {
  const match = /^(?:([\w-]+)(\.m3u8|\.mpd)|([\w-]+)\/([\w-]+(?:\/[\w-]+)*(?:\.\w+)+))$/.exec(path);
  if (!match) return undefined;
  const [, own, extension, parent, file = ''] = match;
  if (own === undefined) return { stream: parent ?? '', resource: file, kind: kindOf(file) };
  return { stream: own, resource: extension === dashManifest ? dashManifest : '', kind: 'playlist' };
}

function kindOf(resource: string): MediaKind {
  if (resource.endsWith('.m3u8')) return 'playlist';
  if (resource.endsWith('.key')) return 'key';
  return /(^|\/)init[\w-]*\.mp4$/.test(resource) ? 'init' : 'segment';
}
