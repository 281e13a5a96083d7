import { allowVendorScripts } from '@gatecast/webcaster';
import { EMPTY_SCRIPT } from '../../doubles/rtc-user-double.js';
import { installWebcasterV6 } from '../../doubles/webcaster-v6-double.js';

allowVendorScripts([EMPTY_SCRIPT]);
installWebcasterV6();
