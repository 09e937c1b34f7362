import { anyOf } from '../domain/text.ts';

/** `use 30104, 30117 or 30142`, or another advice where no free number is known. */
export function suggest(free: readonly number[], otherwise: string): string {
  return free.length === 0 ? otherwise : `use ${anyOf(free)}`;
}

/** `free` as evidence; absent when there is none. */
export function freePorts(free: readonly number[]): { readonly free?: readonly number[] } {
  return free.length === 0 ? {} : { free };
}
