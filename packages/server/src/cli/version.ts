/** Version of `@gatecast/server`; `npm run version` writes it, and a test compares it with the packages' versions. */
export const VERSION = '0.1.0';
