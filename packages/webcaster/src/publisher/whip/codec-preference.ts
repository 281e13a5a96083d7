import { GatecastError } from '@gatecast/token';
import { rankProfiles, type ListedCodec } from '../rank-profiles.js';
import { REPAIR_FORMAT } from '../video-codecs.js';

/**
 * Orders the browser's codecs for `setCodecPreferences`: those with the names, by preference, then the repair formats. The
 * profile that most servers know comes first.
 *
 * @throws GatecastError `codec-unavailable` when the browser has none of them.
 */
export function orderVideoCodecs<Known extends ListedCodec>(
  codecs: readonly Known[],
  names: readonly string[],
): Known[] {
  const preferred = names.flatMap((name) => rankProfiles(codecs, name));
  if (preferred.length === 0) throw codecUnavailable(names);
  return [...preferred, ...codecs.filter(({ mimeType }) => REPAIR_FORMAT.test(mimeType))];
}

/** @param names - what was wanted, such as `h264`. */
export function codecUnavailable(names: readonly string[]): GatecastError {
  const wanted = names.map((name) => name.toUpperCase()).join(' or ') || 'video';
  return new GatecastError('codec-unavailable', `This browser cannot send ${wanted}.`, {
    hint: 'Set codec="auto" or use a browser that has this codec. On Debian and Fedora, install the system’s codec package.',
  });
}
