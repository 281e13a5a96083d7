import type { TokenFunction, TokenValue } from '@gatecast/token';
import type { EngineName, EngineOptions } from '../engine/registry.js';
import type { LiveLatencyOptions } from '../playback/watch/limit-live-latency.js';

/** The attributes and properties of the element that say how to play; the source is not one of them. */
export interface PlayerOptions extends EngineOptions, LiveLatencyOptions {
  readonly tokenUrl: string;
  readonly tokenCredentials: RequestCredentials;
  readonly dpop?: boolean | undefined;
  readonly tokenSession?: string | undefined;
  readonly tokenPlacement: string;
  readonly tokenOrigins: string;
  readonly refreshLead: number;
  readonly engine: EngineName | 'auto';
  readonly token: TokenValue | null;
  readonly tokenSource: TokenFunction | null;
  readonly wait: boolean;
  hasAttribute(name: string): boolean;
}
