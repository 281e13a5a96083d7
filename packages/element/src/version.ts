/** Version of Gatecast, for diagnostics; a test compares it with the packages' versions. */
export const VERSION = '0.1.0';
