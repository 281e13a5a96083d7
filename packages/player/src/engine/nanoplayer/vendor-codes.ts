/** What an error of the vendor's player means for playback. */
export type VendorCodeClass =
  /** The player plays on. */
  | 'information'
  /** Playback starts with a gesture of the viewer. */
  | 'gesture'
  /** Playback was suspended with the page, and can start when the page is visible. */
  | 'hidden'
  /** The server refuses the token. */
  | 'token'
  /** No connection: network, address, server or token, which the browser does not tell apart. */
  | 'handshake'
  /** A fault of the network or the service that passes. */
  | 'passing'
  /** Decoding failed; the player's own recoveries are used up. */
  | 'media'
  /** The stream has ended or has not begun. */
  | 'off-air'
  /** Wrong configuration or use, which another attempt repeats. */
  | 'final';

const CODES: Readonly<Record<VendorCodeClass, readonly number[]>> = {
  information: [1004, 1010, 2011, 2012, 2013, 2014, 4004],
  gesture: [1005],
  hidden: [1007, 1009],
  token: [4401, 4403, 4901, 4903],
  handshake: [4106],
  passing: [
    4001, 4002, 4003, 4006, 4101, 4102, 4103, 4104, 4105, 4107, 4108, 4109, 4110, 4111, 4115, 4500, 4503,
    4900, 4904, 5103,
  ],
  media: [1008, 3001, 3002, 3003, 3004, 3005, 3100, 3101, 3200],
  'off-air': [2001, 2002, 2003, 2004, 2005, 4005, 4404, 4424, 5101],
  final: [
    1001, 1002, 1003, 1006, 4400, 5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008, 5009, 5010, 5102, 5201,
    5202, 5203, 5204, 5205, 5206, 5207, 5208,
  ],
};

/**
 * All documented error codes of the vendor's player, and the close codes of its server that it passes on.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_api_errors
 */
export const VENDOR_CODES: ReadonlyMap<number, VendorCodeClass> = new Map(
  (Object.keys(CODES) as VendorCodeClass[]).flatMap((name) =>
    CODES[name].map((code): [number, VendorCodeClass] => [code, name]),
  ),
);

/** Classes of codes that are not documented, by the vendor's groups: 1xxx use, 2xxx stream, 3xxx media, 4xxx network, 5xxx setup. */
const GROUPS: readonly (VendorCodeClass | undefined)[] = [
  undefined,
  'final',
  'off-air',
  'media',
  'passing',
  'final',
];

/** The class of any code. Version 5 also uses 2004 for a refused token: see `StopReason`. */
export function classifyVendorCode(code: number): VendorCodeClass {
  return VENDOR_CODES.get(code) ?? GROUPS[Math.floor(code / 1000)] ?? 'final';
}
