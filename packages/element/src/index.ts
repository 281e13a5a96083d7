export { deferred, type Deferred } from './deferred.js';
export { EventLog } from './event-log.js';
export { MessageTables, baseLanguage, fillMessage, languageOf } from './message-tables.js';
export { SecureErrorEvent, SecureTokenFailedEvent, SecureTokenRefreshedEvent } from './secure-events.js';
export { onRemoved } from './on-removed.js';
export { TokenSession, type StreamTokens, type TokenSettings } from './token-session.js';
export { allowVendorScripts, type VendorScript } from './allow-vendor-scripts.js';
export { loadVendorScript } from './load-vendor-script.js';
export { VERSION } from './version.js';
