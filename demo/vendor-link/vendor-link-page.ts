import {
  allowVendorScripts,
  listVendorOrigins,
  readVendorParameters,
  type EngineName,
  type PlayerSource,
} from '@gatecast/player';
import { SecurePlayer } from '@gatecast/player/define';
import { findElement } from '../shared/find-element.js';
import { removeLoadNotice } from '../shared/load-notice.js';
import { readPageParameters } from '../shared/trust/read-page-parameters.js';

const parameters = await readPageParameters();
const player = findElement('player', SecurePlayer);
const read = findElement('read', HTMLPreElement);
const source = readSource();
const script = parameters.get('nanoplayer-src') ?? '';

player.engine = readEngine(parameters.get('engine'));
// This page has a copy of the player of its own.
if (script !== '') allowVendorScripts([script]);
player.nanoplayerSrc = script;
player.source = source;
if (source) read.textContent = describeSource(source);

void removeLoadNotice();

/** Reads the source in the URL. The person has agreed to the origins that are left in it. */
function readSource(): PlayerSource | null {
  const allowedOrigins = listVendorOrigins(parameters).filter(
    (origin) => URL.canParse(origin) && origin.includes('//'),
  );
  const isLink = [...parameters.keys()].some((name) => name.startsWith('h5live.'));
  try {
    const linked = readVendorParameters(isLink ? parameters : exampleParameters(), { allowedOrigins });
    if (!linked)
      read.textContent =
        'The link contains no server address. Add h5live.server.websocket or h5live.server.hls.';
    return linked;
  } catch (error) {
    // An address without an origin, such as data:.
    read.textContent = error instanceof Error ? error.message : String(error);
    return null;
  }
}

/** Returns the parameters of a vendor link to a stream of the demo. */
function exampleParameters(): URLSearchParams {
  return new URLSearchParams({
    'h5live.server.hls': `${location.origin}/live/demo-medium.m3u8`,
    'h5live.rtmp.url': 'rtmp://play.example/play',
    'h5live.rtmp.streamname': 'demo-medium',
  });
}

function readEngine(text: string | null): EngineName | 'auto' {
  return text === 'hls' || text === 'native' || text === 'nanoplayer' ? text : 'auto';
}

/** Replaces security values with their names, so that screenshots of this page contain no tokens. */
function describeSource(shown: PlayerSource): string {
  const hideSecurity = (name: string, value: unknown): unknown =>
    name === 'security' && typeof value === 'object' && value !== null ? Object.keys(value) : value;
  return JSON.stringify(shown, hideSecurity, 2);
}
