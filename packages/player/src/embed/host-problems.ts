import { EMBED_VERSION, type EmbedProblem } from './embed-messages.js';

export function notConnected(): DOMException {
  return new DOMException(
    'The embed page is not connected. Wait for embed-connected; its allowedParents must name this page.',
    'InvalidStateError',
  );
}

export function noResponse(afterMs: number): EmbedProblem {
  return {
    code: 'embed-not-connected',
    message: `The embed page did not respond within ${String(afterMs / 1000)} s.`,
    hint: 'Check the option "origin", allowedParents and frame-ancestors of the embed page, and the sandbox and referrerpolicy of the iframe.',
    retryable: false,
    status: null,
  };
}

export function otherVersion(version: number): EmbedProblem {
  return {
    code: 'option-invalid',
    message: `The embed page has version ${String(version)} of the messages, this page has ${String(EMBED_VERSION)}.`,
    hint: 'Use gatecast-embed.html and the code of this page from one release.',
    retryable: false,
    status: null,
  };
}
