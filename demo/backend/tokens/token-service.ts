import {
  type Authorization,
  type KeySet,
  type PlaylistCookie,
  type TokenIssuer,
  type TokenVerifier,
  createPlaylistCookie,
  createTokenVerifier,
} from '@gatecast/server';
import type { Faults } from '../qa/faults.js';
import { createFaultyIssuer, generationClaim } from './faulty-issuer.js';
import { createOpaqueTokens } from './opaque-tokens.js';

export interface TokenServiceOptions {
  readonly keys: KeySet;
  readonly faults: Faults;
  readonly ttlSeconds: number;
  readonly now: () => number;
}

/** Issuers and verifiers that share a clock and a set of faults. */
export interface TokenService {
  readonly keys: KeySet;
  readonly issuers: Readonly<Record<'playback' | 'ingest', TokenIssuer>>;
  readonly verifiers: Readonly<Record<'playback' | 'ingest', TokenVerifier>>;
  readonly playlistCookie: PlaylistCookie;
  /** Token lifetime for streams without one of their own, in seconds. */
  ttlSeconds(): number;
  /** Permits all clients of this loopback server all streams, except those in the fault `tokens.refuse`. */
  authorize(): Authorization;
  now(): number;
}

const audiences = { playback: 'v', ingest: 'ingest' } as const;

/** Creates the demo's token service. Its clock includes the fault `clockSkewSeconds`. */
export function createTokenService(options: TokenServiceOptions): TokenService {
  const { keys, faults, ttlSeconds } = options;
  const now = (): number => options.now() + faults.clockSkewMs;
  const generation = (): number => faults.tokenGeneration;
  const opaqueTokens = createOpaqueTokens({ now, generation });

  const issuerFor = (audience: 'v' | 'ingest'): TokenIssuer =>
    createFaultyIssuer({ keys, audience, faults, opaqueTokens, ttlSeconds, now });
  const verifierFor = (audience: 'v' | 'ingest'): TokenVerifier => {
    const isRevoked = (claims: Readonly<Record<string, unknown>>): boolean =>
      Number(claims[generationClaim] ?? 0) < generation();
    return opaqueTokens.before(createTokenVerifier({ keys, audience, now, isRevoked }), audience);
  };

  return {
    keys,
    issuers: { playback: issuerFor(audiences.playback), ingest: issuerFor(audiences.ingest) },
    verifiers: { playback: verifierFor(audiences.playback), ingest: verifierFor(audiences.ingest) },
    playlistCookie: createPlaylistCookie({ keys, now }),
    ttlSeconds: () => readLifetimes(faults).all ?? ttlSeconds,
    authorize() {
      const { all, byStream } = readLifetimes(faults);
      const own = Object.entries(byStream).map(([stream, ttl]) => [stream, { ttlSeconds: ttl }]);
      const refused = (faults.tokens.refuse ?? []).map((stream) => [stream, false]);
      return {
        user: 'demo',
        ttlSeconds: all ?? ttlSeconds,
        streams: Object.fromEntries([...own, ...refused]) as NonNullable<Authorization['streams']>,
      };
    },
    now,
  };
}

function readLifetimes(faults: Faults): { all?: number; byStream: Readonly<Record<string, number>> } {
  const { ttlSeconds } = faults.tokens;
  if (typeof ttlSeconds === 'object') return { byStream: ttlSeconds };
  return { ...(ttlSeconds !== undefined && { all: ttlSeconds }), byStream: {} };
}
