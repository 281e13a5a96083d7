const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Node accepts 16 KiB of headers by default, so a longer token could not arrive in one. */
const LONGEST_TOKEN = 16_384;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Is the text a compact JWT of at most 16,384 characters, in its only valid spelling?
 *
 * Decoders ignore line breaks and the unused bits of the last character, so without this check one token has several
 * texts, and a list of used or refused tokens would miss the others.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-3.1
 */
export function isCompactJwt(token: string): boolean {
  return token.length <= LONGEST_TOKEN && COMPACT.test(token) && token.split('.').every(isCanonical);
}

function isCanonical(part: string): boolean {
  const rest = part.length % 4;
  if (rest === 0) return true;
  const unusedBits = rest === 2 ? 0b1111 : 0b11;
  return rest !== 1 && (ALPHABET.indexOf(part.at(-1) ?? '') & unusedBits) === 0;
}
