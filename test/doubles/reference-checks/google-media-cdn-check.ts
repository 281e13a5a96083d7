import { createPrivateKey, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Problem } from '@gatecast/server';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { addressOf, queryOf } from './request-carriers.js';

/** PKCS #8 of an Ed25519 key (RFC 8410), before its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Checks Ed25519 signatures of a prefix, and tokens for one path or for globs.
 *
 * @see https://cloud.google.com/media-cdn/docs/generate-signatures
 * @see https://cloud.google.com/media-cdn/docs/generate-tokens
 */
export const googleMediaCdnCheck: SchemeCheck = async (request, { config, context, nowMs }) => {
  const key = publicKey(await context.readSecret(config['key'] as { env: string }));
  const query = queryOf(request);
  const fields = config['authentication'] === 'token' ? tokenOf(request, query, key) : signed(query, key);
  if (fields.get('KeyName') !== config['keyName'])
    throw new Problem('token-invalid', 'The signature names another key.');
  const expiresAt = Number(fields.get('Expires'));
  if (!(expiresAt * 1000 > nowMs)) throw new Problem('token-expired', 'The token has expired.');
  const prefix = Buffer.from(fields.get('URLPrefix') ?? '', 'base64url').toString();
  const globs = fields.get('PathGlobs')?.split(',');
  const { pathname } = new URL(request.url);
  const isAllowed =
    fields.has('FullPath') ||
    (globs?.some((glob) => isMatch(glob, pathname)) ??
      (prefix !== '' && addressOf(request).startsWith(prefix)));
  if (!isAllowed) throw new Problem('token-wrong-stream', 'The token is for another address.');
  return { expiresAt };
};

/** The fields of a signed prefix. The signature is over them in this order. */
function signed(query: Map<string, string>, key: KeyObject): Map<string, string> {
  const names = ['URLPrefix', 'Expires', 'KeyName'];
  const text = names.map((name) => `${name}=${query.get(name) ?? ''}`).join('&');
  checkSignature(text, query.get('Signature'), key);
  return query;
}

/** The fields of a token. The path is signed, but not sent. */
function tokenOf(request: Request, query: Map<string, string>, key: KeyObject): Map<string, string> {
  const [, text = '', signature] =
    /^(.*)~Signature=([\w-]+)$/s.exec(query.get('edge-cache-token') ?? '') ?? [];
  const { pathname } = new URL(request.url);
  checkSignature(text.replace(/^FullPath(?=~)/, `FullPath=${pathname}`), signature, key);
  return new Map(text.split('~').map((field) => field.split(/=(.*)/s, 2) as [string, string]));
}

function checkSignature(text: string, signature: string | undefined, key: KeyObject): void {
  if (signature === undefined) throw new Problem('token-missing', 'The request has no signature.');
  if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url')))
    throw new Problem('token-invalid', 'The signature is wrong.');
}

function publicKey(seed: string): KeyObject {
  const key = Buffer.concat([PKCS8, Buffer.from(seed, 'base64')]);
  return createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

/** `*` is any characters, `?` one. */
function isMatch(glob: string, path: string): boolean {
  const literal = glob.replace(/[\\^$.+()[\]{}|]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(path);
}
