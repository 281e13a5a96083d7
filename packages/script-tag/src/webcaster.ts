// All of gatecast.js that only a page with the webcaster needs, behind the first frame of any other.
import '@gatecast/webcaster/define';

export { setWebcasterMessages } from '@gatecast/webcaster';
