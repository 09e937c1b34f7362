import { quoted } from '../define.ts';

const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/** RFC 1123, as k8s.io/apimachinery/pkg/util/validation has it. */
export function isLabel(text: string): boolean {
  return text.length <= LONGEST_LABEL && LABEL.test(text);
}

/** Labels with dots between them; here each may be longer than 63. */
export function isSubdomain(text: string): boolean {
  return text.length <= LONGEST_SUBDOMAIN && text.split('.').every((part) => LABEL.test(part));
}

/** `name` or `example.com/name`. */
export function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return false;
  return second === undefined ? isNamePart(first) : isSubdomain(first) && isNamePart(second);
}

function isNamePart(text: string): boolean {
  return text.length <= LONGEST_LABEL && /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text);
}

/** What is wrong with a port's name in `targetPort` (IANA service names); undefined when it is right. */
export function portNameFault(text: string): { readonly problem: string; readonly advice: string } | undefined {
  if (/^\d+$/.test(text)) return { problem: 'is a string of digits', advice: 'write the number without quotes' };
  const isName = text.length <= 15 && LABEL.test(text) && /[a-z]/.test(text) && !text.includes('--');
  if (isName) return undefined;
  return {
    problem: 'is no port name',
    advice: 'use at most 15 of a-z, 0-9 and single dashes inside, among them a letter',
  };
}

/** The text made into a label, where that is not far off. */
export function labelAdvice(text: string): string {
  const better = text
    .slice(0, LONGEST_LABEL + 1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return isLabel(better) ? `use ${quoted(better)}` : 'use at most 63 of a-z and 0-9, with dashes inside';
}
