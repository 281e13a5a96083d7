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
  ['(nowadays|oftentimes|betwixt|amongst|whilst)', 'now, often, between, among, while'],
];
