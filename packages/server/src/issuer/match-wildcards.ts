/**
 * Does a text match a pattern with the wildcards `*` (any number of characters, slashes included) and `?` (one character)?
 * Takes time in proportion to the product of the two lengths, at most.
 */
export function matchWildcards(pattern: string, text: string): boolean {
  let at = 0;
  let patternAt = 0;
  let starAt = -1;
  let retryAt = 0;
  while (at < text.length) {
    const expected = pattern[patternAt];
    if (expected === '*') {
      starAt = patternAt++;
      retryAt = at;
    } else if (expected === '?' || expected === text[at]) {
      patternAt++;
      at++;
    } else if (starAt >= 0) {
      // The last star takes one more character. Earlier ones need no retry.
      patternAt = starAt + 1;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(patternAt));
}
