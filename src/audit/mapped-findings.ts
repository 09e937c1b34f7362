import { atMost, type Finding, type Undetermined } from '../domain/finding.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { MappedFinding } from '../report/port-map.ts';

/** What a verdict has to say, what could not be known included: that is no pass. */
export function mappedFindings({ findings, undetermined }: Verdict): readonly MappedFinding[] {
  return [...findings.map(mappedFinding), ...undetermined.map(mappedUndetermined)];
}

function mappedFinding({ rule, enforcement, message, port, exception }: Finding): MappedFinding {
  return {
    rule,
    enforcement,
    message,
    ...(port !== undefined && { nodePort: port.number }),
    ...(exception !== undefined && { exception }),
  };
}

function mappedUndetermined({ rule, enforcement, denies, message }: Undetermined): MappedFinding {
  return { rule, enforcement: denies ? 'deny' : atMost(enforcement, 'warn'), message, undetermined: true };
}
