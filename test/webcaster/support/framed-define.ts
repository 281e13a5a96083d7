import '@gatecast/webcaster/define';
import { allowVendorScripts } from '@gatecast/webcaster';

allowVendorScripts(['https://vendor.invalid/']);
