/** What `crossorigin` of a media element means for the requests of its media; `undefined` for the default of `fetch`. */
export function mediaCredentials(
  media: Pick<HTMLMediaElement, 'crossOrigin'>,
): RequestCredentials | undefined {
  return media.crossOrigin === 'use-credentials' ? 'include' : undefined;
}
