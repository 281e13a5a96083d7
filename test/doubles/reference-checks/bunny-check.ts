import { createHash, createHmac } from 'node:crypto';
import { Problem } from '@gatecast/server';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { queryOf } from './request-carriers.js';

/**
 * Computes the token of a directory: over its path, the end and the other fields, sorted by name.
 *
 * @see https://docs.bunny.net/cdn/security/token-authentication/advanced
 */
export const bunnyCheck: SchemeCheck = async (request, { config, context, nowMs }) => {
  const { pathname } = new URL(request.url);
  const [, prefix, path = pathname] = /^\/(bcdn_token=[^/]*)(\/.*)$/s.exec(pathname) ?? [];
  const sent = prefix === undefined ? queryOf(request) : queryOf(new Request(`http://bunny/?${prefix}`));
  const token = sent.get('token') ?? sent.get('bcdn_token');
  if (token === undefined) throw new Problem('token-missing', 'The request has no token.');
  const fields = new Map([...sent].map(([name, value]) => [name, decodeURIComponent(value)]));
  const [directory = '', expires = ''] = [fields.get('token_path'), fields.get('expires')];
  for (const name of ['token', 'bcdn_token', 'expires']) fields.delete(name);
  const rest = [...fields]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
  const key = await context.readSecret(config['securityKey'] as { env: string });
  const text = `${directory}${expires}${rest}`;
  const expected = token.startsWith('HS256-')
    ? `HS256-${createHmac('sha256', key).update(text).digest('base64url')}`
    : createHash('sha256').update(`${key}${text}`).digest('base64url');
  if (token !== expected) throw new Problem('token-invalid', 'Bunny computes another token.');
  const expiresAt = Number(expires);
  if (!(expiresAt * 1000 > nowMs)) throw new Problem('token-expired', 'The token has expired.');
  if (directory === '' || !decodeURI(path).startsWith(directory))
    throw new Problem('token-wrong-stream', 'The token is for another directory.');
  return { expiresAt };
};
