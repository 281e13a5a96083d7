import { GatecastError } from '@gatecast/token';

export function unsupportedBrowser(): GatecastError {
  return new GatecastError('engine-unsupported', 'This browser has no HLS player of its own.', {
    hint: 'Set engine="auto", which plays with hls.js where the browser has Media Source Extensions.',
  });
}
