import { GatecastError } from '@gatecast/token';
import type { Publisher, PublisherContext } from './publisher.js';

type CreatePublisher = (context: PublisherContext) => Publisher;

/**
 * One line per publisher. Each is a chunk of its own, loaded when it is chosen; its options, errors and limits are in
 * its folder.
 */
const PUBLISHERS = {
  whip: async () => (await import('./whip/whip-publisher.js')).createWhipPublisher,
  nanostream: async () => (await import('./nanostream/nanostream-publisher.js')).createNanostreamPublisher,
  'nanostream-v6': async () =>
    (await import('./nanostream-v6/nanostream-v6-publisher.js')).createNanostreamV6Publisher,
} satisfies Readonly<Record<string, () => Promise<CreatePublisher>>>;

export type PublisherName = keyof typeof PUBLISHERS;

/**
 * Loads the code of a publisher and creates one.
 *
 * @throws GatecastError `publisher-unsupported` for an unknown name, `publisher-load-failed`
 */
export async function createPublisher(name: PublisherName, context: PublisherContext): Promise<Publisher> {
  // An attribute may hold any text.
  if (!Object.hasOwn(PUBLISHERS, name)) {
    throw new GatecastError('publisher-unsupported', `The publisher "${name}" does not exist.`, {
      hint: `Set the attribute publisher to one of: ${Object.keys(PUBLISHERS).join(', ')}.`,
    });
  }
  let create: CreatePublisher;
  try {
    create = await PUBLISHERS[name]();
  } catch (cause) {
    throw new GatecastError('publisher-load-failed', `The code of publisher="${name}" could not be loaded.`, {
      hint: 'Serve the chunks beside the module, and allow them in script-src.',
      retryable: true,
      cause,
    });
  }
  return create(context);
}
