import assert from 'node:assert/strict';
import {
  createKeySet,
  generateSigningKey,
  Problem,
  type IssuedToken,
  type StreamGrant,
  type TokenIssuer,
} from '@gatecast/server';
import { issuerTypes } from '../../../packages/server/src/issuer/registry.js';
import type { IssuerContext } from '../../../packages/server/src/issuer/issuer-type.js';

export const NOW_SECONDS = 1_708_457_000;
export const now = () => NOW_SECONDS * 1000;

const { key } = await generateSigningKey({ alg: 'ES256' });
const silent = () => undefined;

/** Every secret reference `{ env: NAME }` reads `secrets[NAME]`. */
export function issuerContext(secrets: Readonly<Record<string, string>>): IssuerContext {
  return {
    keys: createKeySet([key]),
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    readSecret: (reference) => Promise.resolve('env' in reference ? (secrets[reference.env] ?? '') : ''),
    onVendorError: silent,
  };
}

/** The type of an issuer, and its scheme with a configuration. */
export function schemeOf<Config extends { readonly type: string }>(
  config: Config,
  secrets: Readonly<Record<string, string>>,
) {
  const found = issuerTypes.find(({ type }) => type === config.type);
  assert.ok(found?.scheme, `no scheme ${config.type}`);
  const { scheme } = found;
  return {
    create: () => found.create(config, issuerContext(secrets)),
    inspect: (text: string) => scheme.inspect(text),
    verify: (request: Request, nowMs = now()) =>
      scheme.verify(request, config, issuerContext(secrets), nowMs),
  };
}

/** Issues a playback token. */
export function issue(issuer: TokenIssuer, stream = 'abc', grant: StreamGrant = {}): Promise<IssuedToken> {
  return issuer.issue({ purpose: 'playback', stream, grant });
}

/** The code of the problem that a promise rejects with; fails if one of the secrets is in it. */
export async function codeOf(promise: Promise<unknown>, ...secrets: string[]): Promise<string> {
  const error: unknown = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Problem, `not a Problem: ${String(error)}`);
  const shown = JSON.stringify(error) + error.message;
  assert.ok(!secrets.some((secret) => shown.includes(secret)), 'a secret is in the problem');
  return error.code;
}

/** The cookies that `Set-Cookie` values set, as a `Cookie` header. */
export function cookieHeader(setCookies: readonly string[] = []): string {
  return setCookies.map((each) => each.split(';', 1)[0]).join('; ');
}
