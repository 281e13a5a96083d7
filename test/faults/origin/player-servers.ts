import { createServer } from 'node:http';
import { listen, originOf, stopServer, toNodeHandler } from '../../../demo/backend/http/http-listener.js';
import { demoKeys } from '../../../demo/backend/tokens/token-keys.js';
import { defaultTokenTtlSeconds } from '../cases/defaults.js';
import type { FaultCase } from '../cases/fault-case.js';
import type { Bindings } from './answer-fault.js';
import { FaultSwitch } from './fault-switch.js';
import { LiveEncoder } from './live-encoder.js';
import { countRequests, type RequestFigures, type RequestRecord } from './request-record.js';
import { StreamContent } from './stream-content.js';
import { StrictOrigin } from './strict-origin.js';
import { StrictTokenEndpoint } from './strict-token-endpoint.js';

/** Addresses for one player. */
export interface PlayerAddresses {
  readonly src: string;
  readonly tokenUrl: string;
}

/** Requests of one player. */
export interface PlayerRequests {
  readonly tokens: RequestFigures;
  readonly media: RequestFigures;
}

/**
 * Origin and token endpoint of one player, each on a port of its own: a browser opens only six connections to an origin,
 * so a request without a response must not delay those of another player.
 */
export class PlayerServers {
  readonly addresses: PlayerAddresses;
  readonly #case: FaultCase;
  readonly #faults: FaultSwitch;
  readonly #encoder: LiveEncoder;
  readonly #records: RequestRecord[];
  readonly #close: () => Promise<void>;

  private constructor(parts: {
    addresses: PlayerAddresses;
    faultCase: FaultCase;
    faults: FaultSwitch;
    encoder: LiveEncoder;
    records: RequestRecord[];
    close: () => Promise<void>;
  }) {
    this.addresses = parts.addresses;
    this.#case = parts.faultCase;
    this.#faults = parts.faults;
    this.#encoder = parts.encoder;
    this.#records = parts.records;
    this.#close = parts.close;
  }

  static async open(faultCase: FaultCase, pageOrigin: string): Promise<PlayerServers> {
    const { name: stream, tokenTtlSeconds: ttlSeconds = defaultTokenTtlSeconds } = faultCase;
    const now = Date.now;
    const faults = new FaultSwitch(faultCase.faults, now);
    const encoder = new LiveEncoder(now);
    const records: RequestRecord[] = [];
    const record = (request: RequestRecord): void => {
      records.push(request);
    };
    const common = { keys: await demoKeys(), pageOrigin, faults, now, record };
    const content = new StreamContent(faultCase.stream, encoder);
    const origin = await serve(new StrictOrigin({ ...common, content }));
    const endpoint = await serve(new StrictTokenEndpoint({ ...common, stream, ttlSeconds }));
    return new PlayerServers({
      addresses: { src: `${origin.address}/live/${stream}.m3u8`, tokenUrl: `${endpoint.address}/tokens` },
      faultCase,
      faults,
      encoder,
      records,
      close: async () => {
        await Promise.all([origin.close(), endpoint.close()]);
      },
    });
  }

  begin(): void {
    this.#faults.begin();
    if (this.#case.faults.some(({ on }) => on === 'encoder')) this.#encoder.stop();
  }

  end(): void {
    this.#faults.end();
    for (const fault of this.#case.faults) if (fault.on === 'encoder') this.#encoder.resume(fault.does);
  }

  requests(): PlayerRequests {
    const beganAtMs = this.#faults.beganAtMs ?? 0;
    const span = { beganAtMs, endedAtMs: this.#faults.endedAtMs ?? Infinity };
    return {
      tokens: countRequests(this.#records, 'tokens', span),
      media: countRequests(this.#records, 'media', span),
    };
  }

  close(): Promise<void> {
    return this.#close();
  }
}

interface Fetcher {
  fetch(request: Request, env: Bindings): Promise<Response>;
}

async function serve(fetcher: Fetcher): Promise<{ address: string; close: () => Promise<void> }> {
  const server = createServer(toNodeHandler((request, env) => fetcher.fetch(request, env)));
  await listen(server, 0, '127.0.0.1');
  return { address: originOf(server), close: () => stopServer(server) };
}
