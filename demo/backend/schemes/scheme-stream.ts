/**
 * The streams of the media origins of the schemes: three renditions with separate audio in three languages; `demo-silent` has no
 * audio, so that it is certain which segment a player begins with.
 */
export const schemeStreams = ['demo', 'demo-vod', 'demo-silent'] as const;
export type SchemeStream = (typeof schemeStreams)[number];

export function isSchemeStream(name: string): name is SchemeStream {
  return schemeStreams.some((each) => each === name);
}
