/** The video codec of a broadcast, for `diagnostics()`. */
export interface CodecDescription {
  /** By preference. */
  readonly wanted: readonly string[];
  /** `null` until it is known. */
  readonly sent: string | null;
  /** Why it is not the first choice; `null` if it is. */
  readonly note: string | null;
}

/**
 * Compares what is wanted with what is sent.
 *
 * @param wanted - names such as `h264`, by preference.
 * @param sent - such as `H264`.
 * @returns `null` without video, or if the publisher does not say.
 */
export function describeCodec(
  wanted: readonly string[] | undefined,
  sent: string | null,
): CodecDescription | null {
  const names = (wanted ?? []).map((name) => name.toUpperCase());
  const [first] = names;
  if (first === undefined) return null;
  const isOther = sent !== null && sent.toUpperCase() !== first;
  return {
    wanted: names,
    sent,
    note: isOther
      ? `${sent} is sent instead of ${first}, the first choice: the ingest does not take it, or this browser cannot encode it.`
      : null,
  };
}
