import type { Finding } from '../domain/finding.ts';
import { escaped, printable } from '../domain/text.ts';
import type { Assignment } from '../domain/verdict.ts';
import type { TestOutcome } from './judge-test.ts';
import type { ExpectedFinding, ExpectedPort, Expectation } from './policy-test.ts';

/** One difference between what a test expects and what the policy says. */
export interface Mismatch {
  readonly kind: 'wrong' | 'missing' | 'unexpected';
  /** What it is about, and for a verdict that is wrong what it should be. */
  readonly text: string;
}

/** Every difference; none when the test passes. */
export function mismatches(expected: Expectation, { verdict, decision }: TestOutcome): readonly Mismatch[] {
  const { allowed, findings, assigned, undetermined } = expected;
  return [
    ...(allowed === undefined || allowed === decision.allowed ? [] : [wrongVerdict(expected, decision.allowed)]),
    ...(allowed === undefined || allowed === decision.allowed || findings !== undefined
      ? []
      : reasonsFor(verdict.findings, verdict.undetermined)),
    ...compare(findings, verdict.findings, { fits: fitsFinding, wanted: wantedFinding, got: gotFinding }),
    ...compare(assigned, verdict.assigned, { fits: fitsPort, wanted: wantedPort, got: gotPort }),
    ...compare(undetermined, [...new Set(verdict.undetermined.map(({ rule }) => rule))], {
      fits: (rule, other) => rule === other,
      wanted: (rule) => `undetermined rule ${rule}`,
      got: (rule) => `undetermined rule ${rule}`,
    }),
  ];
}

function wrongVerdict({ allowed }: Expectation, isAllowed: boolean): Mismatch {
  const word = (value: boolean | undefined): string => (value === true ? 'allowed' : 'denied');
  return { kind: 'wrong', text: `expected to be ${word(allowed)}, but it is ${word(isAllowed)}` };
}

/** Whoever expected another verdict wants to know what stands behind this one. */
function reasonsFor(
  findings: readonly Finding[],
  undetermined: TestOutcome['verdict']['undetermined'],
): readonly Mismatch[] {
  return [
    ...findings.map(gotFinding),
    ...undetermined.map(({ rule, message }) => `undetermined rule ${rule}: ${escaped(message)}`),
  ].map((text) => ({ kind: 'unexpected', text }) as const);
}

interface Comparison<Wanted, Got> {
  fits(wanted: Wanted, got: Got): boolean;
  wanted(one: Wanted): string;
  got(one: Got): string;
}

function compare<Wanted, Got>(
  wanted: readonly Wanted[] | undefined,
  got: readonly Got[],
  { fits, wanted: wantedText, got: gotText }: Comparison<Wanted, Got>,
): readonly Mismatch[] {
  if (wanted === undefined) return [];
  const pairs = pairUp(wanted, got, fits);
  const paired = new Set(pairs.values());
  return [
    ...wanted.filter((one) => !pairs.has(one)).map((one) => ({ kind: 'missing', text: wantedText(one) }) as const),
    ...got.filter((one) => !paired.has(one)).map((one) => ({ kind: 'unexpected', text: gotText(one) }) as const),
  ];
}

/**
 * As many pairs as can be made (augmenting paths): an expectation that fits several findings must not take the only one that
 * fits another.
 */
function pairUp<Wanted, Got>(
  wanted: readonly Wanted[],
  got: readonly Got[],
  fits: (wanted: Wanted, got: Got) => boolean,
): ReadonlyMap<Wanted, Got> {
  const takenBy = new Map<number, number>();
  const place = (index: number, tried: Set<number>): boolean =>
    got.some((one, other) => {
      const each = wanted[index];
      if (tried.has(other) || each === undefined || !fits(each, one)) return false;
      tried.add(other);
      const rival = takenBy.get(other);
      if (rival !== undefined && !place(rival, tried)) return false;
      takenBy.set(other, index);
      return true;
    });
  wanted.forEach((_, index) => place(index, new Set()));
  const pairs = new Map<Wanted, Got>();
  for (const [other, index] of takenBy) {
    const [one, two] = [wanted[index], got[other]];
    if (one !== undefined && two !== undefined) pairs.set(one, two);
  }
  return pairs;
}

function fitsFinding({ rule, enforcement, field, message }: ExpectedFinding, finding: Finding): boolean {
  return (
    rule === finding.rule &&
    (enforcement === undefined || enforcement === finding.enforcement) &&
    (field === undefined || field === finding.field) &&
    (message === undefined || finding.message.includes(message))
  );
}

function wantedFinding({ rule, enforcement, field, message }: ExpectedFinding): string {
  const level = enforcement === undefined ? '' : ` (${enforcement})`;
  const place = field === undefined ? '' : ` at ${printable(field)}`;
  return `finding of ${rule}${level}${place}${message === undefined ? '' : `, with "${printable(message)}" in it`}`;
}

function gotFinding({ rule, enforcement, message, exception, suppressed }: Finding): string {
  const excuse = exception === undefined ? '' : `, excused by exception ${printable(exception)}`;
  const silence = suppressed === undefined ? '' : ', suppressed by its own annotation';
  return `finding of ${rule} (${enforcement}${excuse}${silence}): ${escaped(message)}`;
}

function fitsPort({ port, protocol, nodePort, pool, because }: ExpectedPort, got: Assignment): boolean {
  return (
    port === got.port &&
    (protocol === undefined || protocol === got.protocol) &&
    (nodePort === undefined || nodePort === got.nodePort) &&
    (pool === undefined || pool === got.pool) &&
    (because === undefined || because === got.because)
  );
}

function wantedPort({ port, protocol, nodePort, pool, because }: ExpectedPort): string {
  const name = protocol === undefined ? printable(port) : `${printable(port)}/${printable(protocol)}`;
  return portText(`port ${name}`, nodePort, pool, because);
}

function gotPort({ port, protocol, nodePort, pool, because }: Assignment): string {
  return portText(`port ${printable(port)}/${printable(protocol)}`, nodePort, pool, because);
}

function portText(
  name: string,
  nodePort: number | undefined,
  pool: string | undefined,
  because: string | undefined,
): string {
  const number = nodePort === undefined ? '' : ` ${nodePort}`;
  const origin = pool === undefined ? '' : ` of pool ${printable(pool)}`;
  return `${name}${number}${origin}${because === undefined ? '' : ` (${printable(because)})`}`;
}
