import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Problem, type TokenVerifier, createTokenVerifier } from '@gatecast/server';
import { type JSONWebKeySet, type JWK, decodeProtectedHeader, importJWK } from 'jose';

/** Public keys besides those of the demo: a JWKS, or the address of one. */
export type TrustedKeys = JSONWebKeySet | URL;

export interface ReadKeys {
  readonly keys: TrustedKeys;
  /** Why the address cannot be read yet. Its keys are read with the first token then. */
  readonly warning?: string;
}

export interface ReadKeysOptions {
  /** Folder of relative paths. */
  readonly folder: string;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
}

const EXPECTED =
  'It must be { "keys": [ … ] } with public keys, as /.well-known/jwks.json of a token backend returns it.';

/**
 * Reads and checks the keys that `STREAM_JWKS` names.
 *
 * @param source - path of a file, or an http(s) address. An address may respond later, because the backend may start after the demo.
 * @throws Error that says what is wrong with the file or the response.
 */
export async function readTrustedKeys(source: string, options: ReadKeysOptions): Promise<ReadKeys> {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(source)) return { keys: await readKeyFile(source, options.folder) };
  const url = URL.canParse(source) ? new URL(source) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new Error(
      'STREAM_JWKS must be the path of a file, or an http or https address without a user name.',
    );
  return { keys: url, ...(await probe(url, options.fetch)) };
}

/** The address as it is printed, without its query. */
export function keySourceName(source: string): string {
  return source.replace(/[?#].*$/s, '');
}

async function readKeyFile(path: string, folder: string): Promise<JSONWebKeySet> {
  const name = `STREAM_JWKS: the file ${path}`;
  const text = await readFile(resolve(folder, path), 'utf8').catch((error: unknown) => {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Error(`${name} cannot be read (${code}).`);
  });
  if (text.trimStart().startsWith('-----BEGIN'))
    throw new Error(`${name} is a PEM file, not a JWKS. ${EXPECTED}`);
  const jwks = parse(text);
  if (!jwks) throw new Error(`${name} is not a JWKS. ${EXPECTED}`);
  for (const [index, key] of jwks.keys.entries()) await requirePublicKey(key, `${name}: key ${index + 1}`);
  return jwks;
}

function parse(text: string): JSONWebKeySet | null {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    const isKeys = Array.isArray(keys) && keys.length > 0 && keys.every(isKey);
    return isKeys ? { keys } : null;
  } catch {
    return null;
  }
}

function isKey(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null;
}

/** The algorithms that the verifier accepts, by the kind of the key. */
function algorithmOf({ kty, crv }: JWK): string | undefined {
  if (kty === 'RSA') return 'RS256';
  if (kty === 'EC' && crv === 'P-256') return 'ES256';
  return kty === 'OKP' && crv === 'Ed25519' ? 'EdDSA' : undefined;
}

async function requirePublicKey(key: JWK, name: string): Promise<void> {
  if (key.d !== undefined || key.k !== undefined)
    throw new Error(`${name} is private or secret. Give the origin public keys only.`);
  if (typeof key.kid !== 'string') throw new Error(`${name} has no "kid". Tokens name their key with it.`);
  const algorithm = algorithmOf(key);
  if (algorithm === undefined)
    throw new Error(`${name} is not for an accepted algorithm: RS256, ES256 or EdDSA.`);
  try {
    await importJWK(key, algorithm);
  } catch {
    throw new Error(`${name} cannot be read as a public key.`);
  }
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const unknownToken = `${encode({ alg: 'ES256', kid: 'none' })}.${encode({})}.AA`;

/** Lets the verifier of the server package read the address once. */
async function probe(
  url: URL,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<Pick<ReadKeys, 'warning'>> {
  try {
    await createTokenVerifier({ keys: url, fetch }).verify(unknownToken);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'keys-unavailable') return {};
    const { cause } = error;
    const name = `STREAM_JWKS: ${keySourceName(url.href)}`;
    if (isNoAnswer(cause))
      return { warning: `${name} does not respond yet. Its keys are read with the first token.` };
    const isStatus = cause instanceof Error && /HTTP \d{3}/.test(cause.message);
    throw new Error(
      isStatus ? `${name} is not a JWKS: ${cause.message}` : `${name} is not a JWKS. ${EXPECTED}`,
    );
  }
  return {};
}

/** `fetch` rejects with a `TypeError`, or with the reason of the time limit. */
function isNoAnswer(cause: unknown): boolean {
  return cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'TimeoutError');
}

/** Passes tokens that are signed with another key than those of `own` to `further`. */
export function besideOwnKeys(
  own: TokenVerifier,
  ownKids: ReadonlySet<string>,
  further: TokenVerifier,
): TokenVerifier {
  return {
    verify: (token, expected) => {
      const kid = token === null ? undefined : kidOf(token);
      return (kid === undefined || ownKids.has(kid) ? own : further).verify(token, expected);
    },
  };
}

function kidOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}
