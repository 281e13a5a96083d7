import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { elementPackages, elementsManifest, elementsOf } from '../elements/elements-manifest.js';
import { repositoryRoot } from './library-packages.js';

// Own: api-extractor leaves out `declare global`, which says what `querySelector('secure-player')` returns.

/** Packages whose types become part of the file: a page with a script tag installs none of them. */
const bundledPackages = [
  ...['adapters', 'contract', 'element', 'player', 'token', 'webcaster', 'webrtc'].map(
    (name) => `@gatecast/${name}`,
  ),
  ...['@lit/reactive-element', 'hls.js', 'lit', 'lit-element', 'lit-html'],
];

const packageFolder = join(repositoryRoot, 'packages/script-tag');

/** What `gatecast.js` makes known to every page: the tags and the events. */
async function globalTypes(): Promise<string> {
  const manifests = await Promise.all(elementPackages().map(elementsManifest));
  const elements = manifests.flatMap(elementsOf);
  const events = new Map(
    elements
      .flatMap(({ events: own = [] }) => own)
      .map(({ name, type }): [string, string] => [name, type.text]),
  );
  const members = (entries: Iterable<readonly [string, string]>): string =>
    [...entries].map(([name, type]) => `    '${name}': ${type};`).join('\n');
  return `
declare global {
  interface HTMLElementTagNameMap {
${members(elements.map(({ tagName, name }) => [tagName, name] as const))}
  }
  interface HTMLElementEventMap {
${members(events)}
  }
  // As lit declares it.
  interface SymbolConstructor {
    readonly metadata: unique symbol;
  }
}
`;
}

/**
 * Writes the types of `gatecast.js` into one file that imports nothing. The packages must be built.
 *
 * @param entry - the declarations of gatecast.ts.
 * @param file - what is written.
 * @throws Error when a type is missing.
 */
export async function writeScriptTagTypes(entry: string, file: string): Promise<void> {
  const { succeeded } = Extractor.invoke(
    ExtractorConfig.prepare({
      configObject: {
        projectFolder: repositoryRoot,
        mainEntryPointFilePath: entry,
        bundledPackages,
        compiler: {
          // As a project that installs the packages: without the condition that finds their sources.
          overrideTsconfig: {
            compilerOptions: {
              target: 'es2022',
              module: 'esnext',
              moduleResolution: 'bundler',
              lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
              types: [],
              strict: true,
              skipLibCheck: true,
            },
          },
        },
        apiReport: { enabled: false, reportFileName: 'gatecast' },
        docModel: { enabled: false },
        dtsRollup: { enabled: true, untrimmedFilePath: file },
        tsdocMetadata: { enabled: false },
        newlineKind: 'lf',
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(packageFolder, 'package.json'),
    }),
    {
      localBuild: true,
      messageCallback: (message) => (message.handled = message.logLevel !== ExtractorLogLevel.Error),
    },
  );
  if (!succeeded) throw new Error('The types of gatecast.js are not complete.');
  writeFileSync(file, readFileSync(file, 'utf8') + (await globalTypes()));
}
