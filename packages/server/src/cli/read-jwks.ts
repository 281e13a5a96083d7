import type { JSONWebKeySet } from 'jose';
import { CliError } from './cli-io.js';
import { readTextFile } from './read-input.js';

const PRINT = 'Print one with "gatecast keys public --dir keys" or "gatecast keys public --key key.pem"';

/**
 * Reads the public keys of `--jwks`: an http(s) address, or a file.
 *
 * @throws CliError if the address is not valid, or the file is not a JWKS with public keys.
 */
export async function readJwks(place: string): Promise<URL | JSONWebKeySet> {
  if (/^https?:/i.test(place)) {
    if (URL.canParse(place)) return new URL(place);
    throw new CliError('--jwks is not a valid address. Set an http(s) URL or the path of a file.');
  }
  const text = await readTextFile(place, 'JWKS');
  const fault = jwksFault(text);
  if (fault !== null) throw new CliError(`--jwks: ${place} ${fault}`);
  return JSON.parse(text) as JSONWebKeySet;
}

/** What a text is instead of a JWKS, and what to do; `null` for a JWKS. */
function jwksFault(text: string): string | null {
  if (text.includes('-----BEGIN ')) return `is a PEM file, not a JWKS, { "keys": [...] }. ${PRINT}.`;
  const value = parseObject(text);
  if (!value) return `is not JSON, so not a JWKS, { "keys": [...] }. ${PRINT}.`;
  if ('kty' in value)
    return 'd' in value || value['kty'] === 'oct'
      ? `is one private key, not a JWKS, { "keys": [...] }. ${PRINT}.`
      : 'is one key, not a JWKS. Put it into { "keys": [...] }.';
  const { keys } = value;
  if (!Array.isArray(keys)) return `is not a JWKS, { "keys": [...] }. ${PRINT}.`;
  if (keys.length === 0) return `has no keys. ${PRINT}.`;
  const all: readonly unknown[] = keys;
  if (all.some((key) => isObject(key) && 'createdAt' in key && 'activeFrom' in key))
    return `is the list of a key directory, which has no public keys, not a JWKS. ${PRINT}.`;
  if (!all.every((key) => isObject(key) && typeof key['kty'] === 'string'))
    return `is not a JWKS: each key needs the member "kty". ${PRINT}.`;
  return all.some((key) => isObject(key) && 'd' in key)
    ? `has private keys. Publish public keys only. ${PRINT}.`
    : null;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
