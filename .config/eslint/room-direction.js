import { dirname, relative, resolve, sep } from 'node:path';
import { rivals, rooms } from './rooms.js';

// An own rule: the import rules that are kept up (eslint-plugin-import-x, eslint-plugin-boundaries) list every
// pair of allowed folders, where an order from top to bottom says all of it.

const messages = {
  upward:
    '{{from}} may not import {{to}}, which stands above it: move what both need into a room below, or hand it in (.config/eslint/rooms.js).',
  sideways:
    '{{from}} may not import {{to}} beside it: move what both need into a room below (.config/eslint/rooms.js).',
  unknown: '{{from}} has no place among the rooms of {{base}} yet: give it one in .config/eslint/rooms.js.',
};

const contains = (folder, path) => path.startsWith(`${folder}/`);

/** The room of a file in a base folder: its first folder, or the file itself. */
const roomOf = (base, path) => path.slice(base.length + 1).split('/')[0];

const levelOf = (base, room) => rooms[base].findIndex((row) => [row].flat().includes(room));

function problemBetweenRooms(base, from, to) {
  const [fromLevel, toLevel] = [levelOf(base, from), levelOf(base, to)];
  const missing = fromLevel < 0 ? from : toLevel < 0 ? to : undefined;
  if (missing !== undefined) return { messageId: 'unknown', data: { from: missing, base } };
  if (from === to || fromLevel < toLevel) return undefined;
  return { messageId: fromLevel === toLevel ? 'sideways' : 'upward', data: { from, to } };
}

function problemBetweenRivals(room, shared, from, to) {
  const [fromFolder, toFolder] = [from, to].map((path) => path.slice(room.length + 1).split('/'));
  // A file of the room itself does not count.
  if (fromFolder.length < 2 || toFolder.length < 2) return undefined;
  if (fromFolder[0] === toFolder[0] || shared.includes(toFolder[0])) return undefined;
  return { messageId: 'sideways', data: { from: fromFolder[0], to: toFolder[0] } };
}

/** Keeps the imports within a package, and within the demo, going down. Imports of types count. */
export const roomDirection = {
  meta: { type: 'problem', schema: [], messages },
  create(context) {
    const toPath = (path) => relative(context.cwd, path).split(sep).join('/');
    const from = toPath(context.filename);
    const base = Object.keys(rooms).find((folder) => contains(folder, from));
    if (base === undefined) return {};
    const rivalRoom = Object.keys(rivals).find((folder) => contains(folder, from));

    const check = (literal) => {
      if (typeof literal?.value !== 'string' || !literal.value.startsWith('.')) return;
      const to = toPath(resolve(dirname(context.filename), literal.value)).replace(/\.js$/, '.ts');
      if (!contains(base, to)) return;
      const problem =
        problemBetweenRooms(base, roomOf(base, from), roomOf(base, to)) ??
        (rivalRoom !== undefined && contains(rivalRoom, to)
          ? problemBetweenRivals(rivalRoom, rivals[rivalRoom], from, to)
          : undefined);
      if (problem) context.report({ node: literal, ...problem });
    };

    const checkSource = (node) => check(node.source);
    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
    };
  },
};
