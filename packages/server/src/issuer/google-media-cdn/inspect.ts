import { fromBase64 } from '../bytes.js';
import type { SchemeReading } from '../issuer-type.js';
import { pairOf } from '../request-fields.js';
import { duplicateWarnings, readSeconds, schemeReading } from '../scheme-checks.js';
import { TOKEN_DELIMITER } from './media-cdn-token.js';

/** Longer texts are not read. */
const LONGEST = 16_384;
const REQUEST_FIELDS = ['URLPrefix', 'Expires', 'KeyName', 'Signature'];
/** Fields whose values are shown as they are. */
const SHOWN = ['PathGlobs', 'FullPath', 'Starts', 'Expires', 'KeyName', 'SessionID', 'Data', 'Headers'];

/** Reads a signed request or a token: an address, its query or path, a cookie, or the token alone. Takes linear time. */
export function inspectMediaCdn(given: string): SchemeReading | null {
  if (given.length > LONGEST) return null;
  const text = given.trim();
  const token = text.split(/[?&;#\s]+/).find((part) => /~(?:Signature|hmac)=/.test(part));
  if (token !== undefined) return describeToken(token);
  const pairs = text
    .split(/[?&;#\s:/]+/)
    .map((part) => pairOf(part.replace(/^(?:edge-cache-token|Edge-Cache-Cookie)=/, '')))
    .filter(([name]) => REQUEST_FIELDS.includes(name));
  const names = pairs.map(([name]) => name);
  if (!REQUEST_FIELDS.slice(1).every((name) => names.includes(name))) return null;
  return describe('Google Media CDN signed request', pairs, names.includes('URLPrefix') ? 1 : 0);
}

function describeToken(part: string): SchemeReading | null {
  const at = part.search(/(?:^|=)(?:PathGlobs=|URLPrefix=|FullPath~)/);
  if (at < 0) return null;
  const pairs = part.slice(at).replace(/^=/, '').split(TOKEN_DELIMITER).map(pairOf);
  const names = pairs.map(([name]) => name);
  if (!names.includes('Expires')) return null;
  const scopes = names.filter((name) => ['PathGlobs', 'URLPrefix', 'FullPath'].includes(name));
  return describe('Google Media CDN token', pairs, scopes.length);
}

function describe(scheme: string, pairs: readonly [string, string][], scopes: number): SchemeReading {
  const fields = new Map(pairs);
  const expiresAt = readSeconds(fields.get('Expires'));
  const globs = fields.get('PathGlobs')?.split(/[,!]/) ?? [];
  return schemeReading(
    scheme,
    [
      ['URLPrefix', decoded(fields.get('URLPrefix'))],
      ...SHOWN.map(
        (name) => [name, name === 'FullPath' && fields.has(name) ? 'yes' : fields.get(name)] as const,
      ),
      ['IPRanges', decoded(fields.get('IPRanges'))],
    ],
    expiresAt,
    [
      ...duplicateWarnings(pairs),
      ...(scopes > 1 ? ['The token says in several ways what it opens.'] : []),
      ...(globs.some((glob) => glob === '/*' || glob === '*') ? ['The token opens every path.'] : []),
    ],
  );
}

function decoded(encoded: string | undefined): string | undefined {
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  return bytes === null ? 'cannot be read' : bytes && new TextDecoder().decode(bytes);
}
