import type { Clock } from '@gatecast/token';
import type { CreatedSession } from '@gatecast/webrtc';
import type { WhepSession } from './whep-session.js';

/** What a server may ask for. */
export interface ServerOrders {
  /** Is there a broadcast of the stream? */
  onActive(isActive: boolean): void;
  /** The session must be replaced; `url`: at this address. */
  onReconnect(url: string | null): void;
  /** Layers can be chosen no longer: entries can. */
  onLayersGone(): void;
}

/** A session whose server is followed. */
export interface ServerSession extends ServerOrders {
  readonly created: CreatedSession;
  readonly session: WhepSession;
  readonly stream: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** The layer that the viewer has chosen: what is sent in a request for it. Shared by the sessions of an engine. */
  readonly layer: { request: string | null };
}
