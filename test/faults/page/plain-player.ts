import Hls from 'hls.js';
import type { PlayerAddresses } from '../origin/player-servers.js';

/** Part of a token's lifetime after which pages usually renew it. */
const renewAfter = 0.75;
const retryMs = 1000;

async function fetchToken({ tokenUrl }: PlayerAddresses, stream: string): Promise<string> {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'manual' }),
  });
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
  const { tokens } = (await response.json()) as { tokens: { token: string }[] };
  const [first] = tokens;
  if (!first) throw new Error('The response has no token.');
  return first.token;
}

/**
 * Plain hls.js with a token renewal as pages write it by hand: `xhrSetup`, a timer, a new token after 401 and 403, and
 * `startLoad` or `recoverMediaError` after a fatal error.
 */
export class PlainPlayer {
  readonly video = document.createElement('video');
  /** Details of fatal errors. */
  readonly errors: string[] = [];
  readonly #hls: Hls;
  readonly #addresses: PlayerAddresses;
  readonly #stream: string;
  readonly #renewMs: number;
  #token = '';
  #renewal: Promise<void> | null = null;
  #timers = new Set<number>();
  #isClosed = false;

  constructor(addresses: PlayerAddresses, { stream, ttlSeconds }: { stream: string; ttlSeconds: number }) {
    this.#addresses = addresses;
    this.#stream = stream;
    this.#renewMs = ttlSeconds * renewAfter * 1000;
    this.video.muted = true;
    this.video.autoplay = true;
    this.#hls = new Hls({
      xhrSetup: (xhr, address) => {
        const url = new URL(address);
        url.search = `?token=${this.#token}`;
        xhr.open('GET', url, true);
      },
    });
    this.#hls.on(Hls.Events.ERROR, (_, { fatal, type, details, response }) => {
      if (response?.code === 401 || response?.code === 403) void this.#renew();
      if (!fatal) return;
      this.errors.push(details);
      this.#later(retryMs, () => {
        if (details.startsWith('manifest')) this.#hls.loadSource(addresses.src);
        else if (type === Hls.ErrorTypes.MEDIA_ERROR) this.#hls.recoverMediaError();
        else this.#hls.startLoad();
        void this.video.play().catch(() => undefined);
      });
    });
    this.#hls.attachMedia(this.video);
    void this.#start();
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#hls.destroy();
    this.video.remove();
  }

  async #start(): Promise<void> {
    await this.#renew();
    if (this.#isClosed) return;
    if (this.#token === '') {
      this.#later(retryMs, () => void this.#start());
      return;
    }
    this.#hls.loadSource(this.#addresses.src);
    this.#schedule();
  }

  #schedule(): void {
    this.#later(this.#renewMs, () => {
      void this.#renew();
      this.#schedule();
    });
  }

  #renew(): Promise<void> {
    this.#renewal ??= fetchToken(this.#addresses, this.#stream)
      .then((token) => {
        this.#token = token;
      })
      .catch(() => undefined)
      .finally(() => {
        this.#renewal = null;
      });
    return this.#renewal;
  }

  #later(ms: number, work: () => void): void {
    if (this.#isClosed) return;
    const timer = window.setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}
