import {
  type PlaylistSession,
  type TokenIssuer,
  createJwksHandler,
  createTokenHandler,
  type KeySet,
} from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../backend-env.js';
import { cutConnection } from '../cut-connection.js';
import { type Faults, toProblem } from '../qa/faults.js';
import type { LogEntry } from '../qa/request-log.js';
import { reshapeAnswer } from './answer-shapes.js';

export interface TokenRoutesOptions {
  readonly keys: KeySet;
  readonly playbackIssuer: TokenIssuer;
  readonly ingestIssuer: TokenIssuer;
  readonly session: PlaylistSession;
  readonly faults: Faults;
  readonly now: () => number;
}

/** `POST /api/tokens` and the public keys. Whoever reaches this loopback server may have every stream. */
export function createTokenRoutes(options: TokenRoutesOptions): Hono<BackendEnv> {
  const { keys, faults, session, now } = options;
  const app = new Hono<BackendEnv>();
  const jwks = createJwksHandler({ keys });
  const tokens = createTokenHandler({
    issuers: { playback: options.playbackIssuer, ingest: options.ingestIssuer },
    authorize: () => {
      const refused = faults.tokens.refuse ?? [];
      return { user: 'demo', streams: Object.fromEntries(refused.map((stream) => [stream, false])) };
    },
    playlistSession: session,
    now,
  });

  app.all('/api/tokens', async (context) => {
    const { raw } = context.req;
    const entry = context.get('entry');
    if (entry) await noteQuestion(entry, raw.clone());
    if (faults.tokens.down) return cutConnection(context);
    const failure = raw.method === 'POST' ? faults.takeTokenFailure() : undefined;
    if (failure) throw toProblem(failure);
    return reshapeAnswer(await tokens(raw), faults.tokens);
  });
  app.all('/.well-known/jwks.json', (context) => jwks(context.req.raw));
  return app;
}

/** What was asked goes into the log also where the answer is a refusal. */
async function noteQuestion(entry: LogEntry, request: Request): Promise<void> {
  const body: unknown = await request.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) return;
  const { streams, purpose, reason } = body as Record<'streams' | 'purpose' | 'reason', unknown>;
  if (Array.isArray(streams)) entry.streams = streams.slice(0, 64).map(String);
  if (typeof purpose === 'string') entry.purpose = purpose;
  if (typeof reason === 'string') entry.reason = reason;
}
