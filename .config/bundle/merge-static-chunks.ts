import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { build } from 'vite';
import type { Plugin } from 'vite';
import { scriptTagOutput } from './build-environments.js';
import { readBuildManifest, staticFiles } from './build-manifest.js';
import type { BuildManifest } from './build-manifest.js';

/**
 * Exported names of a chunk under names that stay unique when chunks become one module. Short ones: they are part of
 * what every page loads first.
 */
const mergedName = (position: number, name: string): string => `_${position}${name}`;

function parse(file: string, code: string): ts.SourceFile {
  return ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, false, ts.ScriptKind.JS);
}

function exportedNames(file: string, code: string): string[] {
  return parse(file, code).statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map((element) => element.name.text)
      : [],
  );
}

/** Points the imports of merged chunks at the entry, where their exports now are. */
function redirectImports(file: string, code: string, entry: string, merged: readonly string[]): string {
  const edits = parse(file, code).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const target = statement.moduleSpecifier.text.replace('./', '');
    const position = merged.indexOf(target);
    if (position < 0) return [];
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) {
      throw new Error(`${file} imports ${target} in a way that merging does not know.`);
    }
    const names = bindings.elements.map(
      ({ name, propertyName }) => `${mergedName(position, (propertyName ?? name).text)} as ${name.text}`,
    );
    return [
      { start: statement.pos, end: statement.end, text: `import{${names.join(',')}}from"./${entry}";` },
    ];
  });
  return edits.reduceRight(
    (text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end),
    code,
  );
}

/** Reads built chunks with their source maps, so that the merged module maps to the sources again. */
function builtChunks(folder: string, entry: string, merged: readonly string[]): Plugin {
  const virtual = 'merged-entry';
  const owned = [entry, ...merged];
  return {
    name: 'gatecast-built-chunks',
    enforce: 'pre',
    resolveId(source) {
      if (source === virtual) return `\0${virtual}`;
      const file = source.replace(/^\.\//, '');
      if (owned.includes(file)) return join(folder, file);
      return source.startsWith('./') ? { id: source, external: true } : undefined;
    },
    load(id) {
      if (id !== `\0${virtual}`) {
        return {
          code: readFileSync(id, 'utf8'),
          map: readFileSync(`${id}.map`, 'utf8'),
          moduleSideEffects: true,
        };
      }
      const exports = merged.flatMap((file, position) =>
        exportedNames(file, readFileSync(join(folder, file), 'utf8')).map(
          (name) => `export{${name} as ${mergedName(position, name)}}from"./${file}";`,
        ),
      );
      return [`import"./${entry}";export*from"./${entry}";`, ...exports].join('\n');
    },
  };
}

/** The manifest as it is once the merged chunks are inside the entry. */
function withoutMerged(manifest: BuildManifest, entryKey: string, merged: readonly string[]): BuildManifest {
  const isMerged = (key: string): boolean => merged.includes(manifest[key]?.file ?? '');
  const entries = Object.entries(manifest)
    .filter(([key]) => !isMerged(key))
    .map(([key, chunk]) => {
      const targets = (chunk.imports ?? []).map((target) => (isMerged(target) ? entryKey : target));
      const imports = [...new Set(targets)].filter((target) => target !== key);
      return [key, { ...chunk, imports }] as const;
    });
  return Object.fromEntries(entries);
}

/**
 * Puts the chunks that the entry imports statically into the entry itself. The bundler shares what entry and
 * lazy chunks have in common as chunks of their own; the page would learn of them only when the entry has
 * arrived, a round trip late.
 */
export async function mergeStaticChunks(folder: string): Promise<void> {
  const manifest = readBuildManifest(folder);
  const [entryKey, entryChunk] = Object.entries(manifest).find(([, { isEntry }]) => isEntry) ?? [];
  if (entryKey === undefined || entryChunk === undefined) throw new Error('The build has no entry.');
  const entry = entryChunk.file;
  const merged = staticFiles(manifest, [entryKey]).filter((file) => file !== entry);
  if (merged.length === 0) return;

  const output = await build({
    configFile: false,
    root: folder,
    logLevel: 'warn',
    plugins: [builtChunks(folder, entry, merged)],
    build: {
      write: false,
      target: 'es2022',
      sourcemap: true,
      lib: { entry: 'merged-entry', formats: ['es'] },
      rolldownOptions: {
        input: 'merged-entry',
        output: {
          entryFileNames: entry,
          ...scriptTagOutput,
        },
      },
    },
  });
  const results = Array.isArray(output) ? output : [output];
  const files = results.flatMap((result) => ('output' in result ? result.output : []));
  const code = files.find(({ fileName }) => fileName === entry);
  if (code?.type !== 'chunk' || files.some((file) => file.type === 'chunk' && file !== code)) {
    throw new Error(`Merging gave ${files.map(({ fileName }) => fileName).join(', ')} instead of ${entry}.`);
  }

  for (const { file } of Object.values(manifest)) {
    if (!file.endsWith('.js') || file === entry || merged.includes(file)) continue;
    const path = join(folder, file);
    writeFileSync(path, redirectImports(file, readFileSync(path, 'utf8'), entry, merged));
  }
  writeFileSync(join(folder, entry), code.code);
  if (code.map) writeFileSync(join(folder, `${entry}.map`), JSON.stringify(code.map));
  for (const file of merged) {
    rmSync(join(folder, file));
    rmSync(join(folder, `${file}.map`), { force: true });
  }
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify(withoutMerged(manifest, entryKey, merged), null, 2),
  );
}
