/** Rounds of decoding that are tried. A path that changes in each of them is refused. */
const MAX_ROUNDS = 6;

const ENCODED_BYTES = /(?:%[0-9a-f]{2})+/gi;
const ENCODED_ASCII = /%[0-7][0-9a-f]/gi;
/** UTF-8 that is longer than necessary, which lenient decoders read as ASCII, and bytes that UTF-8 does not have. */
const NOT_UTF8 = /%(?:c[01]|e0%[89]|f0%8|f[5-9a-f])/i;
/** `%u002e`, which old servers decode. */
const UNICODE_ESCAPE = /%u[0-9a-f]{4}/i;
/** `.` and `..` with something that a server may remove, such as path parameters. */
const DOTS_WITH_REST = /^\.{1,2}[;?#:%]/;
/** Some file systems remove dots and blanks at the end of a name. */
const DOTS_AND_BLANKS = /^[. ]+$/;

/**
 * Could a server that decodes, normalizes or shortens this path use another path than the one it shows? The answer is yes
 * for dot segments and separators in any encoding, and for control characters.
 *
 * @param path - path of a parsed URL, in which plain dot segments are already resolved.
 */
export function hidesSegments(path: string): boolean {
  const slashes = countSlashes(path);
  let current = path;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    // Some servers normalize: U+FF0E, a full-width dot, becomes a dot.
    const plain = current.normalize('NFKC');
    if (NOT_UTF8.test(plain) || UNICODE_ESCAPE.test(plain) || /[\p{Cc}\\]/u.test(plain)) return true;
    if (countSlashes(plain) !== slashes || plain.split('/').some(isDotSegment)) return true;
    const next = decode(plain);
    if (next === plain) return false;
    current = next;
  }
  return true;
}

function isDotSegment(segment: string): boolean {
  return DOTS_WITH_REST.test(segment) || DOTS_AND_BLANKS.test(segment);
}

function countSlashes(path: string): number {
  return path.split('/').length;
}

/** Decodes once. Bytes that are not UTF-8 stay encoded, but ASCII between them is decoded. */
function decode(text: string): string {
  return text.replace(ENCODED_BYTES, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(ENCODED_ASCII, (byte) => decodeURIComponent(byte));
    }
  });
}
