import { isExpectedToSend } from '../expected-media.js';

/** Does the other side receive what this transceiver sends? */
export function isNegotiated({ currentDirection }: Pick<RTCRtpTransceiver, 'currentDirection'>): boolean {
  return currentDirection === 'sendonly' || currentDirection === 'sendrecv';
}

/** Must a peer connection send packets now? */
export function isSendingExpected(peer: Pick<RTCPeerConnection, 'getTransceivers'>): boolean {
  return peer
    .getTransceivers()
    .some((transceiver) => isNegotiated(transceiver) && isExpectedToSend(transceiver.sender.track));
}
