import type { TokenSession } from '@gatecast/element';
import type { Engine } from '../engine/engine.js';
import { describeEntries } from '../source/describe-source.js';
import type { ResolvedSource } from '../source/player-source.js';
import type { PlaybackState } from './playback-host.js';

/** What is described. */
export interface DescribedPlayback {
  readonly engine: Engine | null;
  readonly engineName: string;
  readonly ways: readonly string[];
  readonly source: ResolvedSource;
  readonly state: PlaybackState;
  readonly tokens: Pick<TokenSession, 'states'>;
}

/** The state of a playback for `diagnostics()`: no token, no signed query. */
export function describePlayback({
  engine,
  engineName,
  ways,
  source,
  state,
  tokens,
}: DescribedPlayback): Record<string, unknown> {
  return {
    state,
    engine: engine && { name: engineName, version: engine.version, ...engine.details },
    ways,
    livePosition: engine?.livePosition ?? null,
    entries: describeEntries(source),
    tokens: tokens.states,
  };
}
