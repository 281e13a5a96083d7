import { GatecastError, lazyPart, type LazyPart } from '@gatecast/token';
import type { Publisher, PublisherContext } from './publisher.js';

type CreatePublisher = (context: PublisherContext) => Publisher;

const CODE = { code: 'publisher-load-failed' } as const;

/**
 * One entry per publisher. Each is a chunk of its own, loaded when it is chosen; its options, errors and limits are in
 * its folder.
 */
const PUBLISHERS = {
  whip: lazyPart<CreatePublisher>(
    'createWhipPublisher',
    async () => (await import('./whip/whip-publisher.js')).createWhipPublisher,
    CODE,
  ),
  nanostream: lazyPart<CreatePublisher>(
    'createNanostreamPublisher',
    async () => (await import('./nanostream/nanostream-publisher.js')).createNanostreamPublisher,
    CODE,
  ),
  'nanostream-v6': lazyPart<CreatePublisher>(
    'createNanostreamV6Publisher',
    async () => (await import('./nanostream-v6/nanostream-v6-publisher.js')).createNanostreamV6Publisher,
    CODE,
  ),
} satisfies Readonly<Record<string, LazyPart<CreatePublisher>>>;

export type PublisherName = keyof typeof PUBLISHERS;

export const publisherNames = Object.keys(PUBLISHERS) as readonly PublisherName[];

/**
 * Loads the code of a publisher and creates one.
 *
 * @throws GatecastError `publisher-unsupported` for an unknown name, `publisher-load-failed`
 */
export async function createPublisher(name: PublisherName, context: PublisherContext): Promise<Publisher> {
  // An attribute may hold any text.
  if (!Object.hasOwn(PUBLISHERS, name)) {
    throw new GatecastError('publisher-unsupported', `The publisher "${name}" does not exist.`, {
      hint: `Set the attribute publisher to one of: ${publisherNames.join(', ')}.`,
    });
  }
  const create: CreatePublisher = await PUBLISHERS[name]({ tries: 3, log: { add: context.log } });
  return create(context);
}
