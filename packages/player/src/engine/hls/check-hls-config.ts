import { nearestName } from '@gatecast/contract';
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
  certLoadPolicy: 'Certificates are requested as licences are.',
  progressive: 'Its loader gives hls.js whole segments, and the parts of low-latency HLS.',
};

/** Options that hls.js reads only if `emeEnabled` is set. */
const FOR_LICENCES = [
  'drmSystemOptions',
  'licenseResponseCallback',
  'licenseXhrSetup',
  'requestMediaKeySystemAccessFunc',
  'requireKeySystemAccessOnStart',
  'reuseKeySessions',
];

/**
 * Checks the names in the page's `hlsConfig`. A page with controllers of its own may have options for them, so that any
 * name is allowed there.
 *
 * @param defaults - `Hls.DefaultConfig` of the library that plays.
 * @throws GatecastError `option-invalid` for a name that hls.js does not know, for an option that the player sets, and for one that
 *   has no effect without others.
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
  const idle = config['emeEnabled'] ? undefined : set.find((name) => FOR_LICENCES.includes(name));
  if (idle !== undefined)
    throw new GatecastError('option-invalid', `hlsConfig.${idle} has no effect without licence servers.`, {
      hint: `Set the property drm, or hlsConfig.drmSystems, or remove ${idle}.`,
    });
  if (set.some((name) => name.endsWith('Controller'))) return;
  const known = [...Object.keys(defaults), ...WITHOUT_DEFAULT];
  for (const name of set) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    throw new GatecastError('option-invalid', `hls.js has no option "${name}", which hlsConfig names.`, {
      hint: nearest === null ? 'Remove it from hlsConfig.' : `Change it to ${nearest}.`,
    });
  }
}
