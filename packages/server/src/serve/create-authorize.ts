import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyResult } from 'jose';
import type { Authorize } from '../token-endpoint/authorize.js';
import { readCookies } from '../http/cookie.js';
import { createRemoteKeys } from '../key/remote-keys.js';
import { readSecret } from '../node/read-secret.js';
import { Problem } from '../http/problem.js';
import { requireBoundedLife, requireSaneTimes } from '../verify/check-times.js';
import { isStreamTokenType } from '../verify/token-kind.js';
import type { AuthorizationConfig } from './config-schema.js';

type StreamRule = NonNullable<AuthorizationConfig['playback']>;

/** Creates `authorize` from the configuration: verifies the caller's token and allows the streams of the rules. */
export async function createAuthorize(config: AuthorizationConfig): Promise<Authorize> {
  const { jwksUrl, secret, issuer, audience, cookie, userClaim, longestLifeSeconds } = config;
  const checks = {
    requiredClaims: ['exp'],
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  // The algorithms depend on the kind of key: a public key must not be used as a shared secret (RFC 8725 section 3.1).
  const verify = secret
    ? await sharedSecretVerifier(await readSecret(secret), checks)
    : remoteVerifier(createRemoteKeys(new URL(jwksUrl ?? '')), checks);

  return async (request, { purpose, streams }) => {
    const rule = purpose === 'playback' ? config.playback : config.ingest;
    if (!rule) return false;
    const claims = await firstValid(readCallerTokens(request, cookie), async (token) =>
      boundedClaims(await verify(token), longestLifeSeconds),
    );
    return {
      user: userOf(claims, userClaim),
      // Also for a refusal: the playlist cookie must not keep the streams of an earlier user.
      streams: streams.filter((stream) => isAllowed(rule, claims, stream)),
    };
  };
}

/** A slash or backslash, also in percent-encoding of any depth. */
const SEPARATOR = /[/\\]|%(?:25)*(?:2f|5c)/i;

type Verify = (token: string) => Promise<JWTPayload>;

type Checks = Parameters<typeof jwtVerify>[2];

function remoteVerifier(findKey: JWTVerifyGetKey, checks: Checks): (token: string) => Promise<JWTPayload> {
  const algorithms = [
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
    'Ed25519',
  ];
  return (token) =>
    jwtVerify(token, findKey, { ...checks, algorithms }).then(callerClaims, (error: unknown) =>
      refuse(error),
    );
}

async function sharedSecretVerifier(
  secret: string,
  checks: Checks,
): Promise<(token: string) => Promise<JWTPayload>> {
  const bytes = new TextEncoder().encode(secret);
  if (bytes.length < 32)
    throw new Error(
      'authorization.secret is shorter than 32 bytes, which HS256 requires (RFC 7518 section 3.2).',
    );
  return (token) =>
    jwtVerify(token, bytes, { ...checks, algorithms: ['HS256'] }).then(callerClaims, (error: unknown) =>
      refuse(error),
    );
}

/** The claims of a caller's token. A stream token of this server does not authenticate a caller. */
function callerClaims({ payload, protectedHeader }: JWTVerifyResult): JWTPayload {
  if (isStreamTokenType(protectedHeader.typ)) refuse(new errors.JWTInvalid());
  return payload;
}

/** Signed times may be any number, so a token could be valid forever. */
function boundedClaims(claims: JWTPayload, longestLifeSeconds: number): JWTPayload {
  try {
    requireSaneTimes(claims);
    requireBoundedLife(claims, { nowMs: Date.now(), longestLifeSeconds, clockToleranceSeconds: 0 });
    return claims;
  } catch (error) {
    throw new Problem(
      'unauthenticated',
      'The times of the token that authenticates the caller are not accepted.',
      {
        hint: 'Compare the clocks, issue tokens with a shorter lifetime, or raise authorization.longestLifeSeconds.',
        cause: error,
      },
    );
  }
}

function refuse(error: unknown): never {
  const isTokenFault =
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    error.code !== 'ERR_JOSE_GENERIC';
  if (isTokenFault)
    throw new Problem(
      'unauthenticated',
      'The token that authenticates the caller is not valid or has expired.',
      {
        hint: 'Sign in again.',
      },
    );
  throw new Problem('keys-unavailable', 'The keys of the identity provider are not available.', {
    retryAfterSeconds: (error instanceof Problem ? error.retryAfterSeconds : undefined) ?? 5,
    cause: error,
  });
}

/** The tokens of the request. Another host of the domain may have set a cookie of the same name, so there may be several. */
function readCallerTokens(request: Request, cookie: string | undefined): readonly string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  const cookies = cookie === undefined ? [] : readCookies(request, cookie).filter((value) => value !== '');
  const tokens = bearer === undefined ? cookies : [bearer];
  if (tokens.length > 0) return tokens;
  throw new Problem('unauthenticated', 'The request is not authenticated.', {
    hint: `Send a bearer token in the Authorization header${cookie === undefined ? '' : ', or the session cookie (token-credentials="include")'}.`,
  });
}

/** The claims of the first token that is valid. */
async function firstValid(tokens: readonly string[], verify: Verify): Promise<JWTPayload> {
  const [token = '', ...others] = tokens;
  try {
    return await verify(token);
  } catch (error) {
    const isRefused = error instanceof Problem && error.code === 'unauthenticated';
    if (isRefused && others.length > 0) return firstValid(others, verify);
    throw error;
  }
}

/** @throws Problem `forbidden` if the claim is missing or not a text. Without a user, no limit per user would apply. */
function userOf(claims: JWTPayload, name: string): string {
  const user = claims[name];
  if (typeof user === 'string' && user !== '') return user;
  throw wrongClaim(name, 'a string that is not empty', 'authorization.userClaim');
}

/** @throws Problem `forbidden` if the claim with the streams is missing or no list of names. */
function isAllowed(rule: StreamRule, claims: JWTPayload, stream: string): boolean {
  if ('any' in rule) return true;
  const patterns = 'list' in rule ? rule.list : claimedStreams(claims, rule.claim);
  return patterns.some((pattern) => matches(pattern, stream));
}

function claimedStreams(claims: JWTPayload, name: string): readonly string[] {
  const listed = claims[name];
  if (Array.isArray(listed) && listed.every((each) => typeof each === 'string')) return listed;
  throw wrongClaim(name, 'a list of stream names', 'authorization.playback or authorization.ingest');
}

/** Names the claim, but not its value. */
function wrongClaim(name: string, wanted: string, option: string): Problem {
  return new Problem('forbidden', `The claim "${name}" of the caller's token is not ${wanted}.`, {
    hint: `Add the claim at the identity provider, or name another claim in ${option}.`,
  });
}

/** `*` stands for a part of one path segment: `live-*` must not allow a stream in another folder. */
function matches(pattern: string, stream: string): boolean {
  if (!pattern.endsWith('*')) return pattern === stream;
  const prefix = pattern.slice(0, -1);
  return stream.startsWith(prefix) && !SEPARATOR.test(stream.slice(prefix.length));
}
