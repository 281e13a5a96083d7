import { networkInterfaces } from 'node:os';

const LOOPBACK = /^(?:127\.|::1$)/;

/**
 * The addresses at which the server listens for one session.
 *
 * Firefox has no candidates of the loopback, and pairs none of its own with an address there. Its session on this machine
 * needs an address of the network, which the packets do not leave the machine to reach.
 *
 * @param own addresses of this machine in the network
 */
export function hostAddressesFor(
  offer: string,
  configured: readonly string[],
  own: () => readonly string[] = ownAddresses,
): readonly string[] {
  const isFirefox = /^o=mozilla/m.test(offer);
  const isLoopback = configured.every((address) => LOOPBACK.test(address));
  return isFirefox && isLoopback ? [...configured, ...own().slice(0, 1)] : configured;
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
