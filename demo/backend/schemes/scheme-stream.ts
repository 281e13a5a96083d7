/** The streams of the media origins of the schemes: three renditions with separate audio in two languages. */
export const schemeStreams = ['demo', 'demo-vod'] as const;
export type SchemeStream = (typeof schemeStreams)[number];

export function isSchemeStream(name: string): name is SchemeStream {
  return schemeStreams.some((each) => each === name);
}
