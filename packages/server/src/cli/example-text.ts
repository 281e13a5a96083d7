/** Text for the end of a command's help. */
export function exampleText(command: string): string {
  return `\nExample:\n  $ ${command}\n`;
}
