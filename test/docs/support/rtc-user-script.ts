import { installRtcUser } from '../../doubles/rtc-user-double.js';

installRtcUser();
