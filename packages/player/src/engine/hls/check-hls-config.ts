import { GatecastError } from '@gatecast/token';

type Config = Readonly<Record<string, unknown>>;

/** Options of hls.js 1.7 without a default, so that `Hls.DefaultConfig` does not have them. */
const WITHOUT_DEFAULT = [
  'assetPlayerId',
  'audioPreference',
  'fetchSetup',
  'loggerId',
  'primarySessionId',
  'subtitlePreference',
  'timelineOffset',
  'videoPreference',
  'xhrSetup',
];

const LOADER_HINT =
  'Change requests with hlsConfig.fetchSetup(context, initParams), which returns a Request.';

/** Options that the player sets itself, with what to use instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  loader: LOADER_HINT,
  fLoader: LOADER_HINT,
  pLoader: LOADER_HINT,
  autoStartLoad: 'Set preload="none" and call play() to load.',
};

/**
 * Checks the names in the page's `hlsConfig`. A page with controllers of its own may have options for them, so that any
 * name is allowed there.
 *
 * @param defaults - `Hls.DefaultConfig` of the library that plays.
 * @throws GatecastError `option-invalid` for a name that hls.js does not know, and for an option that the player sets.
 */
export function checkHlsConfig(config: Config, defaults: Config): void {
  const set = Object.keys(config).filter(
    (name) => config[name] !== undefined && config[name] !== defaults[name],
  );
  for (const name of set) {
    const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
    if (instead === undefined) continue;
    throw new GatecastError('option-invalid', `The player sets hlsConfig.${name} itself.`, {
      hint: `Remove it. ${instead}`,
    });
  }
  if (set.some((name) => name.endsWith('Controller'))) return;
  const known = [...Object.keys(defaults), ...WITHOUT_DEFAULT];
  for (const name of set) {
    if (known.includes(name)) continue;
    const nearest = findNearest(name, known);
    throw new GatecastError('option-invalid', `hls.js has no option "${name}", which hlsConfig names.`, {
      hint: nearest === null ? 'Remove it from hlsConfig.' : `Change it to ${nearest}.`,
    });
  }
}

/** The known name that begins with it, or with the fewest changed letters; `null` if many differ. */
function findNearest(name: string, known: readonly string[]): string | null {
  const written = name.toLowerCase();
  const distances = known.map((each) => {
    const other = each.toLowerCase();
    return written.length > 4 && other.startsWith(written) ? 1 : editDistance(written, other);
  });
  const least = Math.min(...distances);
  return least > Math.max(2, name.length / 3) ? null : (known[distances.indexOf(least)] ?? null);
}

/** Letters to add, remove or replace (Levenshtein distance). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 0; at < from.length; at += 1) {
    const next = [at + 1];
    for (let index = 1; index <= to.length; index += 1) {
      const replaced = (row[index - 1] ?? 0) + (to[index - 1] === from[at] ? 0 : 1);
      next.push(Math.min(replaced, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
