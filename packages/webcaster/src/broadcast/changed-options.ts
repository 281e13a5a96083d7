const CAPTURE_OPTIONS = ['capture', 'video', 'audio', 'audioMode', 'resolution', 'framerate', 'mediaStream'];
/** What is drawn into the picture. */
const PICTURE_OPTIONS = ['layout', 'inset', 'overlay', 'showSlate', 'slate'];
const ENCODING_OPTIONS = ['videoBitrate', 'audioBitrate', 'audioMode', 'framerate', 'degradationPreference'];
/** What a check has looked at. */
const CHECKED_OPTIONS = [
  ...CAPTURE_OPTIONS,
  ...ENCODING_OPTIONS,
  ...['endpoint', 'stream', 'codec', 'publisher', 'uploadTestUrl'],
  // Not the function that gives tokens: a page that renders often passes a new one each time.
  ...['tokenUrl', 'tokenPlacement', 'tokenOrigins', 'tokenCredentials', 'dpop'],
];

/** What a change of the element's options concerns. */
export function concernsOf(
  names: ReadonlySet<PropertyKey>,
): Record<'capture' | 'picture' | 'encoding' | 'check', boolean> {
  const has = (options: readonly string[]): boolean => options.some((name) => names.has(name));
  return {
    capture: has(CAPTURE_OPTIONS),
    picture: has(PICTURE_OPTIONS),
    encoding: has(ENCODING_OPTIONS),
    check: has(CHECKED_OPTIONS),
  };
}
