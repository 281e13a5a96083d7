/** Takes the place of a package that needs a compiler: these tests reach Janus by WebSocket only. */
export function createSocket() {
  throw new Error('Datagram sockets are not available here: reach Janus by WebSocket.');
}
