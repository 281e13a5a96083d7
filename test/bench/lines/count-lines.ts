import { format } from 'prettier';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

export type CountedLanguage = 'typescript' | 'html' | 'json';

const PRINT_WIDTH = 110;

/**
 * Counts the lines of a text as prettier prints it with 110 columns, without empty lines, comments, types, and imports of the
 * project's own modules, because a page may have all of its code in one file. Comments in the scripts of HTML count.
 */
export async function countLines(text: string, language: CountedLanguage): Promise<number> {
  const printed = await format(language === 'typescript' ? withoutTypes(text) : text, {
    parser: language === 'typescript' ? 'babel' : language,
    printWidth: PRINT_WIDTH,
    singleQuote: true,
  });
  const counted = language === 'html' ? printed.replaceAll(/<!--[\s\S]*?-->/g, '') : printed;
  return (
    counted
      .replaceAll(/^import [^;]*? from '\.[^']*';$/gm, '')
      // The compiler marks a module that has neither imports nor exports.
      .replace(/^export \{\};$/m, '')
      .split('\n')
      .filter((line) => line.trim() !== '').length
  );
}

/** JavaScript as the page runs it, without comments. */
export function withoutTypes(text: string): string {
  const { outputText } = transpileModule(text, {
    compilerOptions: {
      target: ScriptTarget.ESNext,
      module: ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  // Written into a text that has neither imports nor exports.
  return outputText.replace(/^"use strict";\n/, '');
}
