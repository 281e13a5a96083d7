import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { root } from './set-up.js';
import { globals, syntax, timerProperties } from './eslint/bans.js';
import { importConfigs } from './eslint/imports.js';

const everywhereSyntax = [syntax.defaultExport, syntax.doubleAssertion];
const packageSyntax = [...everywhereSyntax, syntax.markup, syntax.signedUrl];
const packageGlobals = [...globals.bareGlobals, ...globals.timers];

/** Calls of node:test return promises that the runner itself awaits. */
const nodeTestCalls = ['describe', 'it', 'suite', 'test', 'before', 'after', 'beforeEach', 'afterEach'].map(
  (name) => ({ from: 'package', package: 'node:test', name }),
);

export default defineConfig(
  globalIgnores(['**/dist/', '**/.temp/', '.build/', '.cache/', 'coverage/', '**/*.d.ts']),

  {
    name: 'gatecast/all',
    files: ['**/*.ts', '**/*.js'],
    linterOptions: {
      // A rule that does not fit is changed here, once and with a reason, and not switched off in a file.
      noInlineConfig: true,
      reportUnusedDisableDirectives: 'error',
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...everywhereSyntax],
      'no-restricted-globals': ['error', ...globals.bareGlobals],
      'no-implicit-globals': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unmodified-loop-condition': 'error',
    },
  },

  {
    name: 'gatecast/typescript',
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // One program for the whole repository; the project service finds no tsconfig.json from a dot folder.
    languageOptions: { parserOptions: { project: 'tsconfig.json', tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `void promise` states that nobody waits for it; an arrow that returns a void call is not confusing.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      // A lit lifecycle method or an interface may ask for a promise where there is nothing to await.
      '@typescript-eslint/require-await': 'off',
      // Handlers and readers name their parameter's type even where the compiler could infer it.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // DOM libraries are typed for modern engines; a guard for WebKitGTK looks unnecessary to the compiler.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },

  {
    name: 'gatecast/elements',
    files: ['packages/{player,webcaster}/src/**/*.ts', 'demo/**/*.ts', 'test/**/*.ts'],
    extends: [lit.configs['flat/recommended'], wc.configs['flat/best-practice']],
    plugins: { 'lit-a11y': litA11y },
    settings: { litHtmlSources: true, wc: { elementBaseClasses: ['LitElement'] } },
    rules: {
      ...litA11y.configs.recommended.rules,
      'lit/attribute-names': ['error', { convention: 'kebab' }],
      'lit/lifecycle-super': 'error',
      'lit/no-classfield-shadowing': 'error',
      'lit/no-legacy-imports': 'error',
      'lit/no-native-attributes': 'error',
      'lit/no-private-properties': 'error',
      'lit/no-this-assign-in-render': 'error',
      'lit/no-value-attribute': 'error',
      'lit/prefer-nothing': 'error',
      'lit/prefer-static-styles': 'error',
      'lit/quoted-expressions': ['error', 'never'],
      'wc/guard-super-call': 'off',
    },
  },

  {
    name: 'gatecast/packages',
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', ...packageGlobals],
      'no-restricted-properties': ['error', ...timerProperties],
      'no-restricted-syntax': ['error', ...packageSyntax],
    },
  },
  ...importConfigs,

  {
    name: 'gatecast/clock',
    files: ['packages/token/src/time/clock.ts'],
    rules: { 'no-restricted-globals': ['error', ...globals.bareGlobals], 'no-restricted-properties': 'off' },
  },
  {
    // A part that cannot load may be the one that would show it. A misspelt value is for the developer, not for viewers.
    name: 'gatecast/console-warnings',
    files: ['packages/token/src/failure/lazy-part.ts', 'packages/element/src/wrong-value.ts'],
    rules: { 'no-console': ['error', { allow: ['warn'] }] },
  },
  {
    name: 'gatecast/server',
    files: ['packages/server/src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...packageGlobals, ...globals.dom],
    },
  },
  {
    name: 'gatecast/server-clock',
    files: ['packages/server/src/http/timeouts.ts'],
    rules: {
      'no-restricted-globals': ['error', ...globals.bareGlobals, ...globals.dom],
      'no-restricted-properties': 'off',
    },
  },
  {
    name: 'gatecast/server-cli',
    files: ['packages/server/src/cli/**/*.ts'],
    rules: { 'no-console': 'off' },
  },

  {
    // Its waits are those of a test, and an element's clock must not know of them.
    name: 'gatecast/qa',
    files: ['packages/qa/src/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...globals.bareGlobals], 'no-restricted-properties': 'off' },
  },

  {
    name: 'gatecast/tests',
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: nodeTestCalls }],
      // chai's `expect(x).to.be.true` is an assertion by reading a property.
      '@typescript-eslint/no-unused-expressions': 'off',
      // The text of a template is data here: code that is linted, playlists that are served.
      'no-template-curly-in-string': 'off',
      // A double of an interface has members that do nothing.
      '@typescript-eslint/no-empty-function': 'off',
      // Tests build the elements they need, several to a file.
      'wc/define-tag-after-class-definition': 'off',
      'wc/max-elements-per-file': 'off',
    },
  },

  {
    name: 'gatecast/javascript',
    files: ['**/*.js'],
    extends: [tseslint.configs.base, tseslint.configs.disableTypeChecked],
  },
  {
    name: 'gatecast/config-files',
    files: [
      'vite.config.ts',
      '.config/**/*.{js,ts}',
      '**/*.config.{js,ts}',
      'test/**/*-reporter.{js,ts}',
      '**/.vitepress/**',
    ],
    rules: { 'no-restricted-syntax': ['error', syntax.doubleAssertion] },
  },
);
