import { readVendorParameters, type EngineName, type PlayerSource } from '@gatecast/player';
import { SecurePlayer } from '@gatecast/player/define';
import { findElement } from '../shared/find-element.js';

const parameters = new URLSearchParams(location.search);
const player = findElement('player', SecurePlayer);
const source = readVendorParameters(parameters) ?? readVendorParameters(exampleParameters());

player.engine = readEngine(parameters.get('engine'));
player.nanoplayerSrc = parameters.get('nanoplayer-src') ?? '';
player.source = source;
findElement('read', HTMLPreElement).textContent = source && describeSource(source);

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
