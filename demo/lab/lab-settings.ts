import {
  type PlayerSettings,
  readSettings as readPlayerSettings,
  streamsOf,
  writePlayerHtml,
  writeSettings as writePlayerSettings,
} from '../shared/settings/player-settings.js';
import { streamOf, webcasterSpec } from '../shared/settings/webcaster-settings.js';
import { writeTagHtml } from '../shared/settings/tag-html.js';
import {
  type TagSettings,
  type TagSpec,
  readTagSettings,
  tagAttributes,
  writeTagSettings,
} from '../shared/settings/tag-settings.js';
import { findCase } from './cases/qa-cases.js';

/** What the address of the lab says. */
export interface LabSettings {
  readonly player: PlayerSettings;
  readonly webcaster: TagSettings;
  /** Is a picture made by the page sent, in place of the camera's? */
  readonly hasTestPicture: boolean;
  /** A case that is run at once; `''` for none. */
  readonly caseName: string;
}

/** Both tags have a `stream` and a `token-url`: those of the webcaster are marked. */
const webcasterPrefix = 'webcaster.';

export const labWebcasterSpec: TagSpec = {
  ...webcasterSpec,
  defaultValues: { endpoint: '/whip/lab', 'token-url': '/api/tokens' },
};

/** Reads the address; a case brings what it wants to be played, unless the address says otherwise. */
export function readLabSettings(parameters: URLSearchParams): LabSettings {
  const ofWebcaster = [...parameters]
    .filter(([name]) => name.startsWith(webcasterPrefix))
    .map(([name, value]) => [name.slice(webcasterPrefix.length), value]);
  const qaCase = findCase(parameters.get('case') ?? '');
  const ofPlayer = new URLSearchParams([...new URLSearchParams(qaCase?.play), ...parameters]);
  return {
    player: readPlayerSettings(ofPlayer),
    webcaster: readTagSettings(labWebcasterSpec, new URLSearchParams(ofWebcaster)),
    hasTestPicture: parameters.get('picture') !== 'camera',
    caseName: qaCase?.name ?? '',
  };
}

/** The address for some settings: only what differs from the page's own choice. */
export function writeLabSettings({
  player,
  webcaster,
  hasTestPicture,
  caseName,
}: LabSettings): URLSearchParams {
  return new URLSearchParams([
    ...(caseName === '' ? [] : [['case', caseName] as [string, string]]),
    ...writePlayerSettings(player),
    ...writeTagSettings(labWebcasterSpec, webcaster).map(([name, value]): [string, string] => [
      `${webcasterPrefix}${name}`,
      value,
    ]),
    ...(hasTestPicture ? [] : [['picture', 'camera'] as [string, string]]),
  ]);
}

/** Addresses that the tags will talk to. */
export function addressesOf({ player, webcaster }: LabSettings): string[] {
  return [player.values['src'] ?? '', player.values['token-url'] ?? '', webcaster.values['token-url'] ?? ''];
}

/** Streams that have a lane of tokens: to watch, and to broadcast. */
export function broadcastStreamOf({ webcaster }: LabSettings): string {
  return streamOf(webcaster);
}

/** Both tags as they stand here, for any page. */
export function writeLabHtml({ player, webcaster }: LabSettings, origin: string): string {
  const broadcast = writeTagHtml({
    tag: 'secure-webcaster',
    attributes: tagAttributes(labWebcasterSpec, webcaster),
    origin,
  });
  const [, ...withoutScript] = broadcast.split('\n');
  return [writePlayerHtml(player, origin), ...withoutScript].join('\n');
}

/** The same stream as the vendor's pages take it, by URL parameters; without a token, which the page fetches. */
export function writeVendorLink({ player }: LabSettings, origin: string): string {
  const [stream = ''] = streamsOf(player);
  const src =
    player.entries.length > 0 ? `/live/${encodeURIComponent(stream)}.m3u8` : (player.values['src'] ?? '');
  const hls = URL.canParse(src, origin) ? new URL(src, origin).href : src;
  const { engine, 'nanoplayer-src': script } = player.values;
  const parameters = new URLSearchParams({
    'h5live.server.hls': hls,
    'h5live.rtmp.url': 'rtmp://localhost/play',
    'h5live.rtmp.streamname': stream,
    ...(engine !== undefined && { engine }),
    ...(script !== undefined && { 'nanoplayer-src': script }),
  });
  return `${origin}/vendor-link/?${parameters.toString()}`;
}
