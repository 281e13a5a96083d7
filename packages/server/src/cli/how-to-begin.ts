import { COMMAND, DOCS } from './run-with.js';

/**
 * What `gatecast` says without arguments.
 *
 * @param config - configuration in the current folder; `null` if there is none.
 */
export function howToBegin(config: string | null): string {
  const first =
    config === null
      ? [
          'Begin in this folder:',
          `  ${COMMAND} init`,
          '    writes a configuration, its keys and a page that plays',
        ]
      : ['This folder has a configuration. Start the server:', `  ${COMMAND} serve --config ${config}`];
  return [
    'Gatecast plays and broadcasts protected live streams. This command is the token backend.',
    '',
    ...first,
    '',
    'Then:',
    ...(config === null
      ? [`  ${COMMAND} serve --config gatecast.config.json`, '    runs the token server']
      : []),
    `  ${COMMAND} doctor <url>`,
    '    follows a page or a stream from outside, and says what is wrong',
    `  ${COMMAND} conformance <url> --stream <name>`,
    '    checks a token endpoint, in any language',
    `  ${COMMAND} --help`,
    '    lists all commands',
    '',
    `Documentation: ${DOCS}`,
    '',
  ].join('\n');
}
