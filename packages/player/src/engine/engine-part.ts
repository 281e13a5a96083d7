import type { PartRequest } from '@gatecast/token';
import type { EngineHost } from './engine.js';

/** How an engine loads its parts: with a few attempts, since playback reports the failure and tries again. */
export function partRequest({ signal, report }: Pick<EngineHost, 'signal' | 'report'>): PartRequest {
  const add = (name: string, details: Readonly<Record<string, unknown>>): void =>
    report({ type: 'note', name, details });
  return { signal, tries: 3, log: { add } };
}
