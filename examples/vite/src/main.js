import '@gatecast/player/define';
import '@gatecast/webcaster/define';
