/** What the server of the doubles does next. Tests set it; `installRtcUser` resets it. */
export interface RtcUserFaults {
  /** Number of tokens to refuse with 103003, regardless of their content. */
  refusals: number;
  /** No connection to the server: 3000. */
  isUnreachable: boolean;
  /** Number of sign-ins that fail with 4000 for a reason other than an earlier sign-in. */
  failedSignIns: number;
  /** The server starts no broadcast: 5001. */
  refusesBroadcasts: boolean;
  /** The server accepts broadcasts, but no connection for media is established. */
  isIceBlocked: boolean;
  /** Methods of the client that throw. */
  throwing: readonly string[];
}

const NONE: Readonly<RtcUserFaults> = {
  refusals: 0,
  isUnreachable: false,
  failedSignIns: 0,
  refusesBroadcasts: false,
  isIceBlocked: false,
  throwing: [],
};

export const rtcUserFaults: RtcUserFaults = { ...NONE };

export function resetRtcUserFaults(): void {
  Object.assign(rtcUserFaults, NONE);
}
