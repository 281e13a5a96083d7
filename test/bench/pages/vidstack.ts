import Hls from 'hls.js';
import { isHLSProvider, type MediaProviderChangeEvent } from 'vidstack';
import 'vidstack/player';
import { addressWithQuery, fetchToken, readSettings } from './bench-settings.js';

// As in https://vidstack.io/docs/player/api/providers/hls: hls.js with a configuration, given to the provider before it
// loads. It is part of the bundle, because a second request for it would take longer.

const settings = readSettings();
const player = document.querySelector('media-player');
if (!player) throw new Error('The page has no player.');

const token = await fetchToken(settings);
player.addEventListener('provider-change', ({ detail: provider }: MediaProviderChangeEvent) => {
  if (!isHLSProvider(provider)) return;
  provider.library = Hls;
  provider.config = {
    xhrSetup: (xhr, url) => {
      xhr.open('GET', addressWithQuery(url, token), true);
    },
  };
});
player.src = settings.src;
