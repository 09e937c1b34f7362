import { closestMatch } from 'leven';
import { anyOf } from '../domain/text.ts';

/** No name in a policy is longer; comparing takes the product of both lengths. */
const LONGEST_NAME = 64;

/** What to do about a word that is none of the `allowed` ones: the one that was probably meant, else all of them. */
export function insteadOf(word: string, allowed: readonly string[]): string {
  const meant = meantBy(word, allowed);
  return meant === undefined ? `use ${anyOf(allowed)}` : `did you mean ${meant}?`;
}

/** The one of the `allowed` words that was probably meant. */
export function meantBy(word: string, allowed: readonly string[]): string | undefined {
  return word.length > LONGEST_NAME ? undefined : closest(word, allowed);
}

function closest(word: string, allowed: readonly string[]): string | undefined {
  const sameLetters = allowed.find((each) => each.toLowerCase() === word.toLowerCase());
  // A third of the letters: `rangs` means `ranges`, but a word of three letters can mean anything.
  return (
    sameLetters ?? closestMatch(word, allowed, { maxDistance: Math.floor(word.length / 3) }) ?? begun(word, allowed)
  );
}

/** `allow` for `allowed`; with only one or two letters it would be a guess. */
function begun(word: string, allowed: readonly string[]): string | undefined {
  return word.length < 3 ? undefined : allowed.find((each) => each.startsWith(word));
}
