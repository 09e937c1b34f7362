/** Something that nobody should give to `nodeport-gate check`, and what it says to it. */
export interface Situation {
  readonly name: string;
  /** The content of the file, or what makes the whole directory. Nothing for what is wrong on the command line. */
  readonly given?: string | Uint8Array | ((directory: string) => void);
  /** default: bad.yaml */
  readonly file?: string;
  /** After `check`; default: the file. The policy is added to them. */
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly gives: Outcome;
}

/** All that a user gets to see. */
export interface Outcome {
  readonly code: 0 | 1 | 2;
  /** `FILE:LINE:COLUMN: MESSAGE`, about manifests. */
  readonly problems: readonly string[];
  /** `NAME: denied: RULE LINE:COLUMN, …`, one for each object. */
  readonly items: readonly string[];
  /** The lines on standard error. */
  readonly complaints: readonly string[];
}

/** Could not be read, wholly. */
export function refused(...problems: readonly string[]): Outcome {
  return { code: 2, problems, items: [], complaints: [] };
}

/** Could not be read, but the rest was judged. */
export function refusedBeside(items: readonly string[], ...problems: readonly string[]): Outcome {
  return { code: 2, problems, items, complaints: [] };
}

/** Read, and at least one object is denied. */
export function denied(...items: readonly string[]): Outcome {
  return { code: 1, problems: [], items, complaints: [] };
}

/** Read, and there is nothing against it. Without items: nothing in it that any rule is about. */
export function passed(...items: readonly string[]): Outcome {
  return { code: 0, problems: [], items, complaints: [] };
}

/** Policy, inventory, baseline or flags: nothing was judged at all. */
export function complained(...complaints: readonly string[]): Outcome {
  return { code: 2, problems: [], items: [], complaints };
}

/** A Service in order, of which each situation changes something. */
export const GOOD = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: 30080
`;

export const GOOD_JSON = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] },
});

/** The good Service with something of its text replaced, which must be in it. */
export function changed(...changes: readonly (readonly [written: string, instead: string])[]): string {
  return changes.reduce((text, [written, instead]) => {
    if (!text.includes(written)) throw new Error(`${written} is not in it`);
    return text.replace(written, () => instead);
  }, GOOD);
}

/** The good Service with another node port. */
export function numbered(written: string): string {
  return changed(['30080', written]);
}

/** The good Service with lines between its name and its spec. */
export function described(lines: string): string {
  return changed(['  name: web\n', `  name: web\n${lines}`]);
}

/** So many lines that only differ by a number. */
export function many(count: number, line: (at: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => line(at));
}
