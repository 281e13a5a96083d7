import type * as gatecast from '@gatecast/player';
import { nanoSource } from './nano-settings.js';
import { readSettings } from './bench-settings.js';

// <secure-player> on the double of the vendor's player: each new token is a switch to a second connection.

// The page's own copy of gatecast.js, not one in this bundle.
const address = '/gatecast.js';
const { allowVendorScripts } = (await import(/* @vite-ignore */ address)) as typeof gatecast;
allowVendorScripts(['/nanoplayer-5.js']);

const player = document.querySelector('secure-player');
if (!player) throw new Error('The page has no player.');
await customElements.whenDefined('secure-player');
player.source = nanoSource(readSettings());
