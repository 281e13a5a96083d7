import type { TokenFunction, TokenValue } from '@gatecast/token';
import type { EngineName } from '../engine/engine.js';

/** The attributes and properties of the element that say how to play, apart from what. */
export interface PlayerOptions {
  readonly tokenUrl: string;
  readonly tokenCredentials: RequestCredentials;
  readonly tokenPlacement: string;
  readonly tokenOrigins: string;
  readonly refreshLead: number;
  readonly engine: EngineName | 'auto';
  readonly playlistSigner: string;
  readonly nanoplayerSrc: string;
  readonly refreshMode: 'eager' | 'deferred';
  readonly token: TokenValue | null;
  readonly tokenSource: TokenFunction | null;
  readonly hlsConfig: Readonly<Record<string, unknown>>;
  readonly nanoPlayerConfig: Readonly<Record<string, unknown>>;
  hasAttribute(name: string): boolean;
}
