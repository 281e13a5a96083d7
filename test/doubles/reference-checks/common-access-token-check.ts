import { CAT } from '@eyevinn/cat';
import { Problem } from '@gatecast/server';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { cookiesOf, queryOf } from './request-carriers.js';

const HEADER = 'CTA-Common-Access-Token';

/** Validates the token with `@eyevinn/cat`: MAC, issuer, audience and address. The library has a clock of its own. */
export const commonAccessTokenCheck: SchemeCheck = async (request, { config, context, nowMs }) => {
  const { tokenName = 'CAT', audience } = config as { tokenName?: string; audience?: string | string[] };
  const token =
    request.headers.get(HEADER) ?? queryOf(request).get(tokenName) ?? cookiesOf(request).get(HEADER);
  if (token === undefined) throw new Problem('token-missing', 'The request has no token.');
  const key = await context.readSecret(config['key'] as { env: string });
  const library = new CAT({
    keys: { [String(config['keyId'])]: Buffer.from(key, 'hex') },
    expectCwtTag: true,
  });
  const { cat, error } = await library
    .validate(token, 'mac', {
      issuer: String(config['issuer']),
      url: new URL(request.url),
      ...(audience !== undefined && { audience: [audience].flat() }),
    })
    .catch((reason: unknown) => ({ cat: undefined, error: reason }));
  if (error !== undefined || cat === undefined) throw refusal(error);
  const expiresAt = Number(cat.claims['exp']);
  if (!(expiresAt * 1000 > nowMs)) throw new Problem('token-expired', 'The token has expired.');
  if (cat.claims['catu'] === undefined)
    throw new Problem('token-wrong-stream', 'The token opens all streams.');
  return { expiresAt };
};

function refusal(error: unknown): Problem {
  const name = error instanceof Error ? error.constructor.name : '';
  if (name === 'TokenExpiredError') return new Problem('token-expired', 'The token has expired.');
  if (name === 'UriNotAllowedError')
    return new Problem('token-wrong-stream', 'The library refuses the address.');
  return new Problem('token-invalid', 'The library refuses the token.');
}
