import { createRequire } from 'node:module';
import { Problem } from '@gatecast/server';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { cookiesOf, queryOf } from './request-carriers.js';

interface EdgeAuth {
  generateACLToken(acl: string): string;
  generateURLToken(url: string): string;
}
const EdgeAuthLibrary = createRequire(import.meta.url)('akamai-edgeauth') as new (
  options: object,
) => EdgeAuth;

/** Writes the token of what the request says with Akamai’s library, and compares them byte for byte. */
export const akamaiCheck: SchemeCheck = async (request, { config, context, nowMs }) => {
  const { tokenName: name = 'hdnts' } = config as { readonly tokenName?: string };
  const token = (config['placement'] === 'cookie' ? cookiesOf(request) : queryOf(request)).get(name);
  if (token === undefined) throw new Problem('token-missing', 'The request has no token.');
  const fields = new Map(token.split('~').map((field) => field.split(/=(.*)/s, 2) as [string, string]));
  const expiresAt = Number(fields.get('exp'));
  const acl = fields.get('acl');
  const { pathname } = new URL(request.url);
  const key = await context.readSecret(config['key'] as { env: string });
  const library = new EdgeAuthLibrary({ key, endTime: expiresAt });
  const expected = acl === undefined ? library.generateURLToken(pathname) : library.generateACLToken(acl);
  if (token !== expected) throw new Problem('token-invalid', 'Akamai’s library writes another token.');
  if (expiresAt * 1000 <= nowMs) throw new Problem('token-expired', 'The token has expired.');
  if (acl !== undefined && !pathname.startsWith(acl.replace(/\*$/, '')))
    throw new Problem('token-wrong-stream', 'The list of the token does not have the path.');
  return { expiresAt };
};
