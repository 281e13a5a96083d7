import type { WebcasterV6Metrics } from './webcaster-v6.js';

/** Regular reports in a row without media. A single one may fall into a pause of the encoder. */
const REPORTS_UNTIL_STOPPED = 2;

/** Does a report say that media is sent? `null` is not known. */
export function saysMediaIsSent({ errorCode, rtcstats }: WebcasterV6Metrics): boolean | null {
  if (errorCode !== undefined) return null;
  const bitrates = [rtcstats?.audio?.bitrate?.value, rtcstats?.video?.bitrate?.value].filter(
    (value) => typeof value === 'number',
  );
  return bitrates.length === 0 ? null : bitrates.some((bitrate) => bitrate > 0);
}

/** Tells by the reports of the vendor's client when media stops. */
export class SentMediaReports {
  #silentReports = 0;

  /** Adds what a report says; returns `true` once when media has stopped. */
  add(isSent: boolean | null): boolean {
    if (isSent === null) return false;
    this.#silentReports = isSent ? 0 : this.#silentReports + 1;
    return this.#silentReports === REPORTS_UNTIL_STOPPED;
  }
}
