export { createPeer } from './ice-servers.js';
export { parseLinks, type Link } from './link-header.js';
export { MediaFlow, type FlowOptions } from './media-flow.js';
export { watchPeer, whenConnected, type ConnectLimits, type PeerEvents } from './peer-watch.js';
export { readSections, withLastLineEnd, type MediaKind, type MediaSection } from './sdp.js';
export type { ConnectionFault, SessionContext, SessionErrors, SessionTokens } from './session-context.js';
export type { CreatedSession, OfferRequest } from './session-requests.js';
export { Signalling, type SessionReply } from './signalling.js';
export { untilAborted } from './until-aborted.js';
