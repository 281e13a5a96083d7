// All of gatecast.js that no player's first frame needs: the webcaster, and the calls for labels.
import '@gatecast/webcaster/define';

export { setPlayerMessages } from '@gatecast/player';
export { setWebcasterMessages } from '@gatecast/webcaster';
