/** Seconds behind the place where a live stream is joined, up to which a viewer counts as live. */
export const LIVE_TOLERANCE_S = 5;
