const JWT = /^eyJ[\w-]*\.([\w-]*)\.[\w-]*$/;

/**
 * The claims of a compact JWT (RFC 7519 section 3.1), without a check of its signature. `null` for another text, and for one that
 * cannot be decoded.
 */
export function jwtClaims(text: string): Readonly<Record<string, unknown>> | null {
  const [, encoded] = JWT.exec(text) ?? [];
  const decoded = encoded === undefined ? null : decodeBase64(encoded);
  if (decoded === null) return null;
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(decoded)));
    const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims);
    return isObject ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Bytes as characters; `null` for another text. Reads base64, base64url, and the form of CloudFront (`-_~` for `+=/`). */
export function decodeBase64(text: string): string | null {
  // Only JSON, which begins with eyJ, has no "_" of its own at its end.
  const standard = text
    .replace(text.startsWith('eyJ') ? /[=_]{1,2}$/ : /={1,2}$/, '')
    .replaceAll('-', '+')
    .replace(/[_~]/g, '/');
  try {
    return atob(standard);
  } catch {
    return null;
  }
}

/** The bytes whose numbers are the codes of the characters. */
export function bytesOf(binary: string): Uint8Array {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
