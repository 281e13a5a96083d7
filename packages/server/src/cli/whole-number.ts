import { InvalidArgumentError } from 'commander';

/** Parses a whole number in a range. Commander adds the option's name to the error. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Use a whole number from ${String(from)} to ${String(to)}.`);
  };
}
