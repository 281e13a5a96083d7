/** What differs between the major versions of the vendor's player. */
export interface ClientVersion {
  /** What `version` of an instance says. */
  readonly number: string;
  /** Plays `source.h5live` and `source.bintu` without `entries`. Version 5 removed it. Seen: 4.31.1, 5.0.8. */
  readonly takesOldNotation: boolean;
  /** Starts with the last entry when the source names none; version 4 starts with the first. Seen: 5.0.8. */
  readonly startsLowest: boolean;
  /** Adaption rule when the source names none. Documentation only (migration guide of version 5). */
  readonly rule: 'none' | 'deviationOfMean2';
  /** `playback.automute` when the page does not set it. Documentation only (migration guide). */
  readonly automutes: boolean;
  /** `playback.faststart` when the page does not set it: `flags=faststart` in the address. Seen: 5.0.8. */
  readonly startsFast: boolean;
  /** Plays over Media over QUIC, on a canvas, where an entry has `server.webtransport`. Seen: 5.0.8. */
  readonly playsOverQuic: boolean;
  /** Error code for each close code of the server that is final. Seen: 4.31.1, 5.0.8. */
  readonly finalCodes: ReadonlyMap<number, number>;
}

/** Reported with their own number by both versions. */
const plainCodes = [4400, 4401, 4900, 4901, 4903, 4904].map((code): [number, number] => [code, code]);

export const version5: ClientVersion = {
  number: '5.0.8',
  takesOldNotation: false,
  startsLowest: true,
  rule: 'deviationOfMean2',
  automutes: true,
  startsFast: true,
  playsOverQuic: true,
  finalCodes: new Map([...plainCodes, [4403, 2004], [4404, 2001], [4424, 2005]]),
};

export const version4: ClientVersion = {
  number: '4.31.1',
  takesOldNotation: true,
  startsLowest: false,
  rule: 'none',
  automutes: false,
  startsFast: false,
  playsOverQuic: false,
  finalCodes: new Map([...plainCodes, [4403, 4403]]),
};
