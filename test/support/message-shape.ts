/** The keys of a table of texts, sorted, each with the placeholders of its text. */
export function shapeOf(messages: Readonly<Record<string, string>>): [string, string[]][] {
  return Object.entries(messages)
    .map(([key, text]): [string, string[]] => [key, (text.match(/\{\w+\}/g) ?? []).sort()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
