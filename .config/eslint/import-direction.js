import { dirname, relative, resolve, sep } from 'node:path';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/**
 * Which other workspace packages a package may import. What player and webcaster share goes down into
 * element or token, never sideways, so that either can be used, tested and thrown away without the other.
 */
const workspaceImports = {
  contract: [],
  token: ['@gatecast/contract'],
  element: ['@gatecast/token'],
  player: ['@gatecast/token', '@gatecast/element'],
  webcaster: ['@gatecast/token', '@gatecast/element'],
  react: ['@gatecast/player', '@gatecast/webcaster'],
  server: ['@gatecast/contract'],
};

/** Libraries whose code may only arrive by a dynamic import, so that the first bytes of the page stay few. */
const lazyLibraries = { player: ['hls.js', 'media-chrome'], webcaster: ['media-chrome'] };

/** Folders that only a dynamic import reaches: what they import arrives with them. */
const lazyFolders = { player: ['src/overlay/skin'] };

/** Token is on every page before anything plays: one library, and it stays one. What both sides share needs none. */
const onlyLibraries = { contract: [], token: ['jose'] };

const packagesThatRunOnNode = new Set(['server']);

const messages = {
  outside: "'{{source}}' reaches out of packages/{{own}}: import another package by its name, never by path.",
  deep: "'{{source}}' is another package's inside: import its public entry.",
  sideways:
    'packages/{{own}} may not import {{name}}: shared code goes down into @gatecast/element or @gatecast/token, never sideways.',
  undeclared: '{{name}} is not among the dependencies of packages/{{own}}/package.json.',
  only: 'packages/{{own}} imports {{allowed}} and nothing else, because it is loaded before anything plays.',
  lazy: '{{name}} is heavy: use `import type`, and load its code with a dynamic import().',
  node: 'packages/{{own}} runs in browsers: {{name}} does not exist there.',
};

/** The package name inside a bare specifier: `lit/decorators.js` is `lit`. */
const packageName = (source) =>
  source
    .split('/')
    .slice(0, source.startsWith('@') ? 2 : 1)
    .join('/');

const declaredDependencies = (packageRoot) => {
  const manifest = JSON.parse(readFileSync(resolve(packageRoot, 'package.json'), 'utf8'));
  return new Set([manifest.name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })]);
};

const isTypeOnly = (node) =>
  node.importKind === 'type' ||
  node.exportKind === 'type' ||
  (node.specifiers?.length > 0 && node.specifiers.every((specifier) => specifier.importKind === 'type'));

/** The lazy folder that a file of a package is in. */
const lazyFolderOf = (own, packageRoot, path) =>
  lazyFolders[own]?.find((folder) => !relative(resolve(packageRoot, folder), path).startsWith('..'));

const problemOfRelative = ({ own, packageRoot, filename, source, typeOnly, dynamic }) => {
  const target = resolve(dirname(filename), source);
  if (relative(packageRoot, target).startsWith('..')) return { messageId: 'outside', data: { own, source } };
  const folder = lazyFolderOf(own, packageRoot, target);
  const isFromOutside = folder !== undefined && folder !== lazyFolderOf(own, packageRoot, filename);
  return isFromOutside && !typeOnly && !dynamic ? { messageId: 'lazy', data: { name: folder } } : undefined;
};

const problemOfBare = ({ own, packageRoot, filename, source, typeOnly, dynamic }) => {
  if (isBuiltin(source)) {
    return packagesThatRunOnNode.has(own) ? undefined : { messageId: 'node', data: { own, name: source } };
  }
  const name = packageName(source);
  if (/^@gatecast\/[^/]+\/(src|dist)(\/|$)/.test(source)) return { messageId: 'deep', data: { source } };
  if (name.startsWith('@gatecast/')) {
    const allowed = name === `@gatecast/${own}` || workspaceImports[own].includes(name);
    return allowed ? undefined : { messageId: 'sideways', data: { own, name } };
  }
  const only = onlyLibraries[own];
  if (only && !only.includes(name)) return { messageId: 'only', data: { own, allowed: only.join(', ') } };
  if (!declaredDependencies(packageRoot).has(name)) return { messageId: 'undeclared', data: { own, name } };
  const isLazy = typeOnly || dynamic || lazyFolderOf(own, packageRoot, filename) !== undefined;
  if (lazyLibraries[own]?.includes(name) && !isLazy) return { messageId: 'lazy', data: { name } };
  return undefined;
};

/** Keeps imports between the workspace packages one-way, by name, and declared. */
export const importDirection = {
  meta: { type: 'problem', schema: [], messages },
  create(context) {
    const segments = relative(context.cwd, context.filename).split(sep);
    const [folder, own] = segments;
    if (folder !== 'packages' || !Object.hasOwn(workspaceImports, own)) return {};
    const packageRoot = resolve(context.cwd, folder, own);

    const check = (node, literal, dynamic) => {
      if (typeof literal?.value !== 'string') return;
      const source = literal.value;
      const { filename } = context;
      const question = { own, packageRoot, filename, source, typeOnly: isTypeOnly(node), dynamic };
      const problem = source.startsWith('.') ? problemOfRelative(question) : problemOfBare(question);
      if (problem) context.report({ node: literal, ...problem });
    };

    return {
      ImportDeclaration: (node) => check(node, node.source, false),
      ExportNamedDeclaration: (node) => check(node, node.source, false),
      ExportAllDeclaration: (node) => check(node, node.source, false),
      ImportExpression: (node) => check(node, node.source, true),
      // `import('…').Thing` in a type position is erased, like `import type`.
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
    };
  },
};
