import type { EngineDefinition } from '../engine.js';

/** Properties of the element that this engine reads. */
export interface NanoPlayerOptions {
  /** Address of the vendor's script, relative to the page; empty where the page has loaded it. */
  readonly nanoplayerSrc: string;
  /** When the vendor's player gets fresh tokens. */
  readonly refreshMode: 'eager' | 'deferred';
  /** Options for the vendor's player. */
  readonly nanoPlayerConfig: Readonly<Record<string, unknown>>;
}

/** The vendor's own player, only where the page asks for it. */
export const nanoPlayerDefinition: EngineDefinition<NanoPlayerOptions> = {
  isAutomatic: () => false,
  loadProperties: ['nanoplayerSrc'],
  start: (host) => ({
    load: async () => {
      const { NanoPlayerEngine } = await import('./nanoplayer-engine.js');
      return () => new NanoPlayerEngine(host);
    },
  }),
};
