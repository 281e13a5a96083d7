import { GatecastError } from '@gatecast/token';
import type { Capabilities } from '../loading/capabilities.js';
import type { ResolvedSource, SourceEntry } from '../source/player-source.js';
import type { EngineDefinition, EngineHost, EngineStart } from './engine.js';
import { hlsDefinition } from './hls/hls-definition.js';
import type { HlsOptions } from './hls/hls-options.js';
import { nanoPlayerDefinition } from './nanoplayer/nanoplayer-definition.js';
import type { NanoPlayerOptions } from './nanoplayer/nanoplayer-options.js';
import { nativeDefinition } from './native/native-definition.js';
import type { NativeOptions } from './native/native-options.js';
import { whepDefinition } from './whep/whep-definition.js';
import type { WhepOptions } from './whep/whep-options.js';

/** The properties of the element that engines read. */
export type EngineOptions = HlsOptions & NativeOptions & NanoPlayerOptions & WhepOptions;

/** One line per engine, in the order in which `auto` tries them. The code of each is loaded when it is chosen. */
const ENGINES = {
  whep: whepDefinition,
  hls: hlsDefinition,
  native: nativeDefinition,
  nanoplayer: nanoPlayerDefinition,
} satisfies Readonly<Record<string, EngineDefinition<EngineOptions>>>;

/** What each engine can do, by its name. */
export const engineDefinitions: Readonly<Record<EngineName, EngineDefinition<EngineOptions>>> = ENGINES;

export type { DrmOptions, DrmServer } from './hls/drm/drm-options.js';
export type { HlsConfigOptions } from './hls/hls-options.js';
export type { WhepConfig } from './whep/whep-options.js';
export type { SecureViewerCountEvent } from './whep/viewer-count-event.js';
export type EngineName = keyof typeof ENGINES;

export const engineNames = Object.keys(ENGINES) as readonly EngineName[];

/** Properties of the element that engines read once: if one changes, the source is loaded again. */
export const engineLoadProperties: readonly PropertyKey[] = Object.values(ENGINES).flatMap(
  ({ loadProperties }) => loadProperties,
);

/**
 * Chooses the engines to play a source with: with `auto`, those that may take each other's place, best first. An engine that the page
 * has set is the only one.
 *
 * @throws GatecastError `option-invalid` for a name that is not in the registry.
 */
export function chooseEngines(
  wanted: EngineName | 'auto',
  capabilities: Capabilities,
  { entries }: ResolvedSource,
): readonly EngineName[] {
  const ways = engineNames.filter((name) =>
    wanted === 'auto' ? engineDefinitions[name].isAutomatic?.(capabilities) : name === wanted,
  );
  const playable = ways.filter((name) => entries.some(engineDefinitions[name].canPlay));
  const isLast = (name: EngineName): boolean => !engineDefinitions[name].yields;
  const last = playable.findIndex(isLast);
  if (last >= 0) return playable.slice(0, last + 1);
  // What it lacks is reported when the source is loaded.
  const [name = ways.find(isLast) ?? ways[0]] = playable;
  // An attribute may hold any text.
  if (name) return [name];
  throw new GatecastError('option-invalid', `engine="${wanted}" is not the name of an engine.`, {
    hint: `Set engine to auto, ${engineNames.join(', ')}.`,
  });
}

/**
 * The source with only the entries that an engine can play.
 *
 * @throws GatecastError `source-missing` when there is none.
 */
export function playableSource(name: EngineName, source: ResolvedSource): ResolvedSource {
  const playable = (each: EngineName) =>
    source.entries.filter((entry) => engineDefinitions[each].canPlay(entry));
  const entries = playable(name);
  if (entries.length > 0) return { ...source, entries };
  const [other] = engineNames.filter((each) => playable(each).length > 0);
  throw new GatecastError('source-missing', `engine="${name}" can play no entry of the source.`, {
    hint: `Give an entry ${ENGINES[name].entryMembers}${other ? `, or set engine="${other}"` : ''}.`,
  });
}

/** An address without a source object as a member of an entry: it is for the engine that the page has chosen. */
export function entryFor(src: string, engine: EngineName | 'auto'): SourceEntry {
  // An attribute may hold any text.
  const definitions: Partial<Record<typeof engine, EngineDefinition<EngineOptions>>> = ENGINES;
  return definitions[engine]?.entryFor?.(src) ?? { hls: src };
}

/** Starts an engine; its code is not loaded yet. */
export function startEngine(name: EngineName, host: EngineHost<EngineOptions>): EngineStart {
  return ENGINES[name].start(host);
}
