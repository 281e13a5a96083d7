import { describeEntries } from '../source/describe-source.js';
import type { Playback } from './playback.js';

/** The state of a playback for `diagnostics()`: no token, no signed query. */
export function describePlayback({
  engine,
  engineName,
  ways,
  source,
  state,
  tokens,
}: Pick<Playback, 'engine' | 'engineName' | 'ways' | 'source' | 'state' | 'tokens'>): Record<
  string,
  unknown
> {
  return {
    state,
    engine: engine && { name: engineName, version: engine.version, ...engine.details },
    ways,
    livePosition: engine?.livePosition ?? null,
    entries: describeEntries(source),
    tokens: tokens.states,
  };
}
