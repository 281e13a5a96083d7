import {
  Problem,
  type Authorization,
  type KeySet,
  type PlaylistCookie,
  type TokenIssuer,
  type TokenVerifier,
  createPlaylistCookie,
  createRevocations,
  createTokenVerifier,
  type Revocations,
} from '@gatecast/server';
import type { Faults } from '../qa/faults.js';
import { createFaultyIssuer, generationClaim, notYetValidSeconds } from './faulty-issuer.js';
import { createOpaqueTokens } from './opaque-tokens.js';
import { type TrustedKeys, besideOwnKeys } from './trusted-keys.js';

export interface TokenServiceOptions {
  readonly keys: KeySet;
  readonly faults: Faults;
  readonly ttlSeconds: number;
  readonly now: () => number;
  /** Keys whose tokens origin and ingest accept besides those of `keys`. @defaultValue none */
  readonly trusted?: TrustedKeys | undefined;
}

/** Issuers and verifiers that share a clock and a set of faults. */
export interface TokenService {
  readonly keys: KeySet;
  readonly issuers: Readonly<Record<'playback' | 'ingest', TokenIssuer>>;
  readonly verifiers: Readonly<Record<'playback' | 'ingest', TokenVerifier>>;
  readonly playlistCookie: PlaylistCookie;
  /** What testers have revoked with `/api/qa/revoke`. */
  readonly revocations: Revocations;
  /** Text in which clients get an issued token. */
  sentAs(token: string): string;
  /** Token lifetime for streams without one of their own, in seconds. */
  ttlSeconds(): number;
  /** Permits all clients of this loopback server all streams, except those in the fault `tokens.refuse`. */
  authorize(streams: readonly string[]): Authorization;
  now(): number;
}

const audiences = { playback: 'v', ingest: 'ingest' } as const;

/** Creates the demo's token service. Its clock includes the fault `clockSkewSeconds`. */
export function createTokenService(options: TokenServiceOptions): TokenService {
  const { keys, faults, ttlSeconds, trusted } = options;
  const ownKids = new Set(keys.keys.map(({ kid }) => kid));
  const now = (): number => options.now() + faults.clockSkewMs;
  const generation = (): number => faults.tokenGeneration;
  const opaqueTokens = createOpaqueTokens({ now, generation });
  // A day is longer than any token of the demo.
  const revocations = createRevocations({ longestLifeSeconds: 86_400, now: options.now });

  const issuerFor = (audience: 'v' | 'ingest'): TokenIssuer =>
    createFaultyIssuer({ keys, audience, faults, opaqueTokens, ttlSeconds, now });
  const verifierFor = (audience: 'v' | 'ingest'): TokenVerifier => {
    const isRevoked = (claims: Readonly<Record<string, unknown>>): boolean =>
      Number(claims[generationClaim] ?? 0) < generation();
    const verifier = createTokenVerifier({ keys, audience, now, isRevoked });
    const own = refuseRevoked(opaqueTokens.before(verifier, audience), revocations);
    return trusted ? besideOwnKeys(own, ownKids, createTokenVerifier({ keys: trusted, audience, now })) : own;
  };

  return {
    keys,
    issuers: { playback: issuerFor(audiences.playback), ingest: issuerFor(audiences.ingest) },
    verifiers: { playback: verifierFor(audiences.playback), ingest: verifierFor(audiences.ingest) },
    playlistCookie: createPlaylistCookie({ keys, now }),
    revocations,
    sentAs: (token) => opaqueTokens.sentAs(token),
    ttlSeconds: () => readLifetimes(faults).all ?? ttlSeconds,
    authorize(streams) {
      const { all, byStream } = readLifetimes(faults);
      // A token that is valid only in an hour ends later, too.
      const notYetSeconds = faults.tokens.notYetValid ? notYetValidSeconds : 0;
      const refused = new Set(faults.tokens.refuse);
      const own = streams.map((stream) => {
        const lifetime = byStream.get(stream) ?? all ?? ttlSeconds;
        return [stream, !refused.has(stream) && { ttlSeconds: lifetime + notYetSeconds }] as const;
      });
      return { user: 'demo', streams: Object.fromEntries(own) };
    },
    now,
  };
}

/** The media origin says, too, why an access has ended. */
function refuseRevoked(next: TokenVerifier, revocations: Revocations): TokenVerifier {
  return {
    async verify(token, expected) {
      // Of a session that lasts, without a request: a token that is bound to a key then fails for its proof, but not before this.
      if (expected?.stream !== undefined && !expected.request) await refuse(expected.stream);
      const verified = await next.verify(token, expected);
      // A publisher or viewer whose access has ended may still end its session.
      if (expected?.request?.method !== 'DELETE') await refuse(verified.stream);
      return verified;
    },
  };

  async function refuse(stream: string): Promise<void> {
    const revocation = await revocations.find({ stream });
    if (!revocation) return;
    const { code, reason } = revocation;
    throw new Problem(code, 'The access to this stream has been ended.', { reason });
  }
}

function readLifetimes(faults: Faults): { all?: number; byStream: ReadonlyMap<string, number> } {
  const { ttlSeconds } = faults.tokens;
  if (typeof ttlSeconds === 'object') return { byStream: new Map(Object.entries(ttlSeconds)) };
  return { ...(ttlSeconds !== undefined && { all: ttlSeconds }), byStream: new Map() };
}
