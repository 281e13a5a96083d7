/** Version of `@gatecast/qa`; `npm run version` writes it, and a test compares it with the package's. */
export const VERSION = '0.1.0';
