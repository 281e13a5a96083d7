import { InvalidArgumentError } from 'commander';

/** Parses an option that is a whole number in a range; commander names the option in its error. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It is a whole number from ${String(from)} to ${String(to)}.`);
  };
}
