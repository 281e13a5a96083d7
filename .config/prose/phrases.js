/**
 * Turns of phrase that a technical writer would not use, each with what to write instead. A phrase is a regular
 * expression without flags; it is matched without regard to case, at word boundaries, and also across line ends.
 */
export const phrases = [
  ['(can|could)(not| not)? be had', 'is (not) available, or say what failed'],
  ['(to|will|would|may|might|is to) be had', 'be available'],
  ['anew', 'again, or a new …'],
  ['whoever', 'the page, the caller, the reader: name who it is'],
  ['(tell|tells|telling|told) of', 'reports, shows, describes'],
  [
    '(?<!there )(?<!there, of course, )(is|are|was|were) no (?!longer|more|different|better|worse|less|later|earlier|faster|slower|matter|exception|one)[a-z]+',
    'is not a …',
  ],
  ['stand-?ins?', 'double (tests), fake (demo), replacement'],
  ['(stand|stands|stood|standing) in for', 'replaces'],
  ['(a|another|the same) (new |old )?story', 'counts as the first one, or say what differs'],
  ['farewells?', 'the closing request, DELETE, teardown'],
  ['happenings|(a|the) happening', 'event'],
  ['hence', 'so'],
  ['lest', 'so that … not'],
  ['(thereof|therein|thereby|whence|whither|yonder|nought|naught)', 'plain words'],
  ['behind the first (frame|picture|image)', 'after the first frame'],
  ['whatever (comes|came) (between|of it)', 'say which faults or results'],
  ['(its|their|his) brothers?', 'similar cases'],
  ['in vain', 'without effect'],
  ['(hurry|hurries|hurried)', 'retry now, at once'],
  ['tossed', 'in random order'],
  ['got over', 'recovered from'],
  ['(brought|brings|bring) along', 'provided, given'],
  ['for ever', 'forever, or say how long'],
  ['with all that it says', 'with all its fields'],
  ['to the letter', 'exactly'],
  ['comes? of it', 'results'],
  ['made ready', 'prepared'],
  ['(a|the) while ago', 'earlier'],
  ['by and by', 'gradually'],
  ['in trouble', 'failing, unreachable'],
  ['what (came|comes) of', 'the result of'],
  ['without a word', 'without an error, without notice'],
  ['whatever else', 'other values, other load'],
  ["(somebody|anybody)(’s|'s)?", 'the page, the caller, the viewer: name who it is'],
  ['(say|says|said) so(?! (that|far|much|many))', 'reports it, logs it, or name the message'],
  ['(is|are|was|were|not) looked at', 'is (not) checked, is (not) read'],
  ['told to', 'configured, requested'],
  ['leaves? nothing behind', 'has no pending timer, listener or request'],
  ['led astray', 'not affected by'],
  ['dead on arrival', 'already expired'],
  ['who may have', 'which streams a caller may access'],
  ['in silence', 'without an error'],
  ['(nowadays|oftentimes|betwixt|amongst|whilst)', 'now, often, between, among, while'],
];

const server = '(server|backend|endpoint|origin|ingest|CDN|vendor|signer|proxy|service)';

/** Phrases for all texts but those of tests: an HTTP server sends a response. An SDP answer is something else. */
export const responsePhrases = [
  ['answer(s|ed|ing)?( with)?( status)?( HTTP)? [1-5]\\d\\d', 'returns …, responds with …'],
  ['answer(s|ed|ing)? with (an error|HTTP|JSON|HTML|the status|the text)', 'responds with'],
  [
    `${server}(’s|'s)? (has |had |have |did not |does not |do not |cannot |must )?answer(s|ed)?`,
    'response, responds',
  ],
  ['(token|HTTP|error|JSON|preflight) answers?', 'response'],
  [
    `answers? (of|from) (a|an|the|its|your|this|each|that) (token |media |demo’s |first )?${server}`,
    'response of',
  ],
];
