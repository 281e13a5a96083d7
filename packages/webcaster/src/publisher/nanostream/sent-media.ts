import { isExpectedToSend } from '../expected-media.js';
import type { RtcUserEvent } from './rtc-user.js';

/** Time between two reports of the vendor's client, in milliseconds. It takes no less than 1000. */
export const REPORT_INTERVAL_MS = 1000;
/** Reports in a row without media. Encoders pause for up to about two seconds when bandwidth is short. */
const REPORTS_UNTIL_STOPPED = 5;

/** Does an event `ReceivedWebRTCStats` say that media is sent? `null` is not known. */
export function saysMediaIsSent({ data }: RtcUserEvent): boolean | null {
  // The vendor's table and its example name different places.
  const results = data?.results ?? data?.stats?.results;
  const bitrates = [results?.audioBitrate, results?.videoBitrate].filter(
    (value) => typeof value === 'number',
  );
  return bitrates.length === 0 ? null : bitrates.some((bitrate) => bitrate > 0);
}

/** Tells by the reports of the vendor's client when media stops. */
export class SentMedia {
  readonly #tracks: () => readonly MediaStreamTrack[];
  #silentReports = 0;

  /** @param tracks - what is to be sent now. */
  constructor(tracks: () => readonly MediaStreamTrack[]) {
    this.#tracks = tracks;
  }

  /** Adds a report; returns `true` once when media has stopped. */
  add(event: RtcUserEvent): boolean {
    const isSent = saysMediaIsSent(event);
    const isSilent = isSent === false && this.#tracks().some(isExpectedToSend);
    this.#silentReports = isSilent ? this.#silentReports + 1 : 0;
    return this.#silentReports === REPORTS_UNTIL_STOPPED;
  }
}
