import type { EngineDefinition } from '../engine.js';

/** Properties of the element that this engine reads. */
export interface NativeOptions {
  /** Address of the backend's playlist signer, relative to the page; empty for none. */
  readonly playlistSigner: string;
}

/** The browser's own HLS player. Where there is neither it nor hls.js, it reports so. */
export const nativeDefinition: EngineDefinition<NativeOptions> = {
  isAutomatic: () => true,
  loadProperties: ['playlistSigner'],
  start: (host) => ({
    load: async () => {
      const { NativeEngine } = await import('./native-engine.js');
      return () => new NativeEngine(host);
    },
  }),
};
