import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { AST_TOKEN_TYPES, parse } from '@typescript-eslint/typescript-estree';

const contributing = readFileSync('.github/CONTRIBUTING.md', 'utf8');

interface ExtensionPoint {
  readonly heading: string;
  /** Folders that hold shared code, not an engine, publisher or issuer. */
  readonly shared: readonly string[];
}

const points: readonly ExtensionPoint[] = [
  { heading: 'Add an engine', shared: [] },
  { heading: 'Add a publisher', shared: [] },
  { heading: 'Add an issuer', shared: ['nanocosmos'] },
];

/** The paths that a section of CONTRIBUTING lists, `<name>` included. */
function listedPaths(heading: string): string[] {
  const section = contributing.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1] ?? '');
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));
}

interface Literal {
  readonly value: string;
  readonly line: string;
}

const readLiterals = new Map<string, readonly Literal[]>();

/** The string literals of a file, which is parsed once. Comments and template texts may use any name. */
function literalsOf(path: string): readonly Literal[] {
  const literals = readLiterals.get(path) ?? parseLiterals(path);
  readLiterals.set(path, literals);
  return literals;
}

function parseLiterals(path: string): Literal[] {
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  return parse(text, { tokens: true, loc: true, range: true })
    .tokens.filter(({ type }) => type === AST_TOKEN_TYPES.String)
    .map(({ value, loc }) => ({ value: value.slice(1, -1), line: lines[loc.start.line - 1] ?? '' }));
}

/**
 * Names with a second meaning: a field of the source object, a value of the attribute `controls`, and the default of
 * an attribute, which the element's manifest reads from its class.
 */
function isAnotherThing(name: string, path: string, line: string): boolean {
  if (name === 'hls' || name === 'whep') return path.startsWith('packages/player/src/source/');
  if (/^ *@property\(\) \w+: \w+ = /.test(line)) return true;
  if (name === 'native') return line.includes('controls');
  // The name of a field that the log redacts.
  return name === 'jwt' && path.endsWith('pino-logger.ts');
}

/** Asks for the default engine before the registry is there. A build has no name for its chunks but their modules. */
const earlyStart = 'packages/player/src/start.ts';

for (const { heading, shared } of points) {
  const paths = listedPaths(heading);
  const folder = paths.find((path) => path.endsWith('/<name>/'))?.replace('<name>/', '') ?? '';
  const registry = paths.find((path) => path.endsWith('registry.ts')) ?? '';
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !shared.includes(entry.name))
    .map((entry) => entry.name);

  describe(`CONTRIBUTING, “${heading}”`, () => {
    it('lists a folder, a registry, a test and a docs page', () => {
      assert.equal(paths.length, 4);
      assert.ok(names.length > 1);
    });

    for (const name of names) {
      it(`matches the files of ${name}`, () => {
        const missing = paths.map((path) => path.replace('<name>', name)).filter((path) => !existsSync(path));
        assert.deepEqual(missing, []);
        assert.match(readFileSync(registry, 'utf8'), new RegExp(`'\\./${name}/`));
      });

      it(`lists every file that refers to ${name}`, () => {
        const root = folder.slice(0, folder.indexOf('/src/') + 5);
        const own = join(folder, name);
        const elsewhere = sourceFiles(root)
          .filter((path) => !path.startsWith(`${own}/`) && ![registry, earlyStart].includes(path))
          .filter((path) =>
            literalsOf(path).some(({ value, line }) =>
              value === name
                ? !isAnotherThing(name, path, line)
                : /^\.\.?\//.test(value) && value.includes(`/${name}/`),
            ),
          );
        assert.deepEqual(elsewhere, []);
      });
    }
  });
}
