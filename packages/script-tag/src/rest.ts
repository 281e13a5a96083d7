// All of gatecast.js that no player's first frame needs: the webcaster, and the calls for labels.
import '@gatecast/webcaster/define';
import { setPlayerMessages } from '@gatecast/player';
import { setWebcasterMessages } from '@gatecast/webcaster';

export const rest = { setPlayerMessages, setWebcasterMessages };
