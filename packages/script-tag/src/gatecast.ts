// The entry of gatecast.js. Only registration belongs here: engines, publishers and skins come as chunks.
import '@gatecast/player/define';
import '@gatecast/webcaster/define';
