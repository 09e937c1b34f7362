import { createHash } from 'node:crypto';

/** A strong entity tag: the same one for the same bytes, in every replica and after a restart. */
export function entityTagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url')}"`;
}

/** Whether the client has this version already (RFC 9110, 13.1.2): `*`, or the tag anywhere in the list, weak or not. */
export function hasVersion(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags: readonly string[] = ifNoneMatch.match(/"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
  return tags.includes(tag);
}
