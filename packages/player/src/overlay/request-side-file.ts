import { delay, GatecastError, outlook, requestMedia, retryDelayMs, systemClock } from '@gatecast/token';
import { mediaCredentials } from '../loading/media-credentials.js';
import type { OverlayHost, OverlayPlayback } from './overlay-host.js';

/** A caption file of a whole day has about 2 MiB. */
const LIMIT_BYTES = 8 * 1024 * 1024;
/** With the waits for an origin, about ten seconds. */
const MAX_ATTEMPTS = 5;

/** A file beside the stream: captions, chapters, a storyboard, or an image of it. */
export interface SideFile {
  /** Absolute address. */
  readonly url: string;
  /** The `<track>` child that names it. */
  readonly track: HTMLTrackElement;
}

/**
 * Requests a file with the token of the stream, if its origin may have it, and without one otherwise. A refusal renews the
 * token once, and what may pass is tried again, with backoff. `data-stream` of the `<track>` names the stream; without it, it is that of
 * the entry that plays.
 *
 * @returns its contents under a `blob:` address, which holds no token. The caller revokes it.
 * @throws GatecastError as `requestMedia` does, after five attempts
 */
export async function requestSideFile(
  host: OverlayHost,
  { authorizer }: OverlayPlayback,
  { url, track }: SideFile,
  signal: AbortSignal,
): Promise<string> {
  const { player, state } = host;
  const entries = state().source?.entries ?? [];
  const playing = entries.find(({ index }) => index === player.activeEntry?.index) ?? entries[0];
  const stream = track.dataset['stream'] ?? playing?.stream ?? '';
  const credentials = mediaCredentials(player);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { data, headers } = await requestMedia(
        authorizer,
        { url, stream, responseType: 'arraybuffer', ...(credentials && { credentials }) },
        { signal, totalTimeoutMs: 20_000, limitBytes: LIMIT_BYTES },
      );
      const type = headers.get('Content-Type') ?? '';
      return URL.createObjectURL(new Blob([data as ArrayBuffer], { type }));
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !mayPass(error)) throw error;
      const { retryAfterMs } = error;
      const waitMs = retryDelayMs({ attempt, random: Math.random(), retryAfterMs, service: 'origin' });
      await delay(systemClock, waitMs, signal);
    }
  }
}

/** The tokens of the stream have worked, because it plays. This file may not exist. */
function mayPass(error: unknown): error is GatecastError {
  if (!(error instanceof GatecastError) || error.status === 404 || error.status === 410) return false;
  return outlook(error, { hasWorked: error.code.startsWith('token-') }) === 'passes';
}
