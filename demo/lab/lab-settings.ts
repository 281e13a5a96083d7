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
import { findCase } from '@gatecast/qa/internal/cases/qa-cases';

/** Settings in the URL of the lab. */
export interface LabSettings {
  readonly player: PlayerSettings;
  readonly webcaster: TagSettings;
  /** Whether the broadcast sends the test picture instead of the camera. @defaultValue true */
  readonly hasTestPicture: boolean;
  /** Case to run when the page is open; `''` for none. */
  readonly caseName: string;
}

/** Prefix of the webcaster's URL parameters. Both tags have attributes such as `stream` and `token-url`. */
const webcasterPrefix = 'webcaster.';

export const labWebcasterSpec: TagSpec = {
  ...webcasterSpec,
  defaultValues: { endpoint: '/whip/lab', 'token-url': '/api/tokens' },
};

/** Reads the URL parameters. The source of a case applies if the URL has none. */
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

/** Returns the URL parameters of settings. Omits default values. */
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

/** Returns the URLs that the tags request. */
export function addressesOf({ player, webcaster }: LabSettings): string[] {
  return [player.values['src'] ?? '', player.values['token-url'] ?? '', webcaster.values['token-url'] ?? ''];
}

/** Returns the name of the stream that is broadcast. */
export function broadcastStreamOf({ webcaster }: LabSettings): string {
  return streamOf(webcaster);
}

/** Writes the HTML of both tags with these settings, for any page. */
export function writeLabHtml({ player, webcaster }: LabSettings, origin: string): string {
  const broadcast = writeTagHtml({
    tag: 'secure-webcaster',
    attributes: tagAttributes(labWebcasterSpec, webcaster),
    origin,
  });
  const [, ...withoutScript] = broadcast.split('\n');
  return [writePlayerHtml(player, origin), ...withoutScript].join('\n');
}

/** Writes a link with the vendor's URL parameters for the same stream. It has no token: the page requests one. */
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
