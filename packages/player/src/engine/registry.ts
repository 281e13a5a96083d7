import { GatecastError } from '@gatecast/token';
import type { Capabilities } from '../loading/capabilities.js';
import type { EngineFactory, EngineName } from './engine.js';

/** One line per engine; each is a chunk of its own, loaded when it is chosen. */
const LOADERS: Readonly<Record<EngineName, () => Promise<EngineFactory>>> = {
  native: async () => (await import('./native/native-engine.js')).createNativeEngine,
  nanoplayer: async () => (await import('./nanoplayer/nanoplayer-engine.js')).createNanoPlayerEngine,
  hls: async () => {
    // Both at once: the engine does not import the library, so neither waits for the other.
    const [{ createHlsEngine }, light] = await Promise.all([
      import('./hls/hls-engine.js'),
      import('hls.js/light'),
    ]);
    return createHlsEngine(light.default, async () => (await import('hls.js')).default);
  },
};

/**
 * Loads an engine.
 *
 * @throws GatecastError `engine-load-failed`
 */
export async function loadEngine(name: EngineName): Promise<EngineFactory> {
  // An attribute may hold any text.
  if (!Object.hasOwn(LOADERS, name)) {
    throw new GatecastError('engine-unsupported', `There is no engine "${name}".`, {
      hint: 'Set engine to auto, hls, native or nanoplayer.',
    });
  }
  try {
    return await LOADERS[name]();
  } catch (cause) {
    throw new GatecastError('engine-load-failed', `The engine "${name}" could not be loaded.`, {
      hint: 'Serve the chunks beside the module, and allow them in script-src.',
      retryable: true,
      cause,
    });
  }
}

/**
 * The engine for this browser: hls.js wherever it works, also where `canPlayType` says maybe, because only it signs
 * every request; native HLS where there is nothing else. Where there is neither, the native engine says so.
 */
export function chooseEngine(wanted: EngineName | 'auto', capabilities: Capabilities): EngineName {
  if (wanted !== 'auto') return wanted;
  return capabilities.hasMediaSource ? 'hls' : 'native';
}
