import { z } from 'zod';
import type { Enforcement, Fix, Need, RawFinding } from '../domain/finding.ts';
import { ENFORCEMENTS } from '../domain/finding.ts';
import type { HeldPort } from '../domain/inventory.ts';
import type { PortPair } from '../domain/node-port.ts';
import { opened } from '../domain/node-port.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Change } from '../domain/patch.ts';
import type { Path } from '../domain/path.ts';
import { valueAt } from '../domain/path.ts';
import type { Origin } from '../domain/request.ts';
import type { Service, ServiceRef } from '../domain/service.ts';
import { printable } from '../domain/text.ts';
import type { Scene, WorkloadScene, NumberView } from './scene.ts';

/** A sentence with `{placeholders}`: what is wrong, then `; `, then what to do. The field is put in front by the engine. */
export interface Message {
  readonly text: string;
  /** Never more than this, whatever the rule's enforcement is. */
  readonly limit?: Enforcement;
  /** The API server would refuse this before `/validate` is asked, with a worse message. */
  readonly preemptsApiServer?: true;
}

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The data that a template needs: a missing or misspelt placeholder is a compile error. */
export type DataFor<Text extends string> = { readonly [Name in Placeholders<Text>]: string | number };

/** What a finding carries beside its message. */
export interface Evidence {
  /** The offending value, where it is not simply what stands at the path; undefined: nothing was written. */
  readonly value?: unknown;
  /** Makes it a port finding. */
  readonly port?: PortPair;
  readonly free?: readonly number[];
  readonly holder?: HeldPort;
  readonly dependsOn?: readonly ServiceRef[];
  /** What would put it right without overriding anything that the author wrote; `nodeport-gate fix` does it. */
  readonly fix?: Fix;
}

export interface Report<Messages extends Record<string, Message>> {
  <Id extends keyof Messages & string>(
    messageId: Id,
    path: Path,
    data: DataFor<Messages[Id]['text']>,
    evidence?: Evidence,
  ): void;
}

export interface Definition<Messages extends Record<string, Message>, Options extends z.ZodObject> {
  /** Kebab-case noun; the same in policies, findings, SARIF, docs and the folder. */
  readonly name: string;
  /** One sentence for lists: what it demands. */
  readonly summary: string;
  /** One sentence: the reason an operator would accept. */
  readonly why: string;
  /**
   * `open-service` rules are asked only about Services that open, or will open, a node port. `workload` rules are asked
   * about Pods and whatever makes them, through `checkWorkload`.
   */
  readonly subject: 'open-service' | 'every-service' | 'workload';
  /** It is asked only about objects that come from there; absent: from anywhere. */
  readonly origins?: readonly Origin[];
  /**
   * For rules about every Service, and about workloads: it has nothing to say about an object in which none of these words
   * stands anywhere, as a key or a value. `check` does not even parse the others. Absent: it may say something about any.
   */
  readonly words?: readonly string[];
  /** Cannot be excepted, suppressed, ratcheted, capped or switched off under a preset that has it. */
  readonly absolute?: true;
  /** An exception for this rule must name ports, and no annotation can suppress it. */
  readonly guardsPorts?: true;
  /** When one of these rules has a finding, at least as strict, about the same field, this rule's is left out. */
  readonly yieldsTo?: readonly string[];
  /** Looks at the workloads behind a Service. */
  readonly readsWorkloads?: true;
  /** Holds Services to the quotas of pools, which mean nothing where no such rule is on. */
  readonly enforcesPoolQuotas?: true;
  readonly options: Options;
  readonly messages: Messages;
  readonly presets: {
    readonly baseline?: PresetEntry<Options>;
    readonly restricted?: PresetEntry<Options>;
  };
  /** What the ratchet compares for object findings; opened(service) when absent. */
  exposure?(service: Service): readonly PortPair[];
  /** Fields of `spec` that the options ask the gate to fill in on CREATE, where the author did not write them. */
  set?(service: Service, options: z.output<Options>): readonly Change[];
  /**
   * What the rule, with these options, says something about although the shipped webhook configurations do not send it:
   * Services without node ports and external addresses. `ClusterIP Services`; undefined: nothing.
   */
  unseenAtAdmission?(options: z.output<Options>): string | undefined;
  /** The values that `set` would write, by field: two policies must not disagree. */
  setsFields?(options: z.output<Options>): Readonly<Record<string, string | boolean>>;
  /**
   * Whether the rule would let the Service have this number, whoever holds it. The gate neither assigns nor suggests a
   * number that a matching rule does not permit. Absent: the rule does not look at numbers.
   */
  permits?(number: number, view: NumberView, options: z.output<Options>): boolean;
  /** Of rules about Services. */
  check?(
    scene: Scene,
    options: z.output<Options>,
    report: Report<Messages>,
    /** Says that the rule could not know; call it at most once for a need. */
    undetermined: (needs: Need) => void,
  ): void;
  /** Of rules about workloads. */
  checkWorkload?(scene: WorkloadScene, options: z.output<Options>, report: Report<Messages>): void;
}

type PresetEntry<Options extends z.ZodObject> = { readonly enforcement: Enforcement } & {
  readonly [Name in keyof Options['shape']]?: z.input<Options['shape'][Name]>;
};

/** The parts of a definition that do not depend on options. */
export type RuleMeta = Pick<
  Definition<Record<string, Message>, z.ZodObject>,
  | 'name'
  | 'summary'
  | 'why'
  | 'subject'
  | 'origins'
  | 'words'
  | 'absolute'
  | 'guardsPorts'
  | 'yieldsTo'
  | 'readsWorkloads'
  | 'enforcesPoolQuotas'
> & {
  exposure(service: Service): readonly PortPair[];
};

export interface RuleOutcome {
  readonly findings: readonly RawFinding[];
  readonly needs: readonly Need[];
}

/** A rule with its options from one policy: all that the engine knows of it. */
export interface BoundRule {
  readonly meta: RuleMeta;
  readonly enforcement: Enforcement;
  readonly setsFields: Readonly<Record<string, string | boolean>>;
  readonly unseenAtAdmission: string | undefined;
  /** At most `mostFindings`, the first ones: a Service may have thousands of wrong ports, and each finding costs. */
  check(scene: Scene, mostFindings: number): RuleOutcome;
  checkWorkload(scene: WorkloadScene, mostFindings: number): RuleOutcome;
  set(service: Service): readonly Change[];
  /** undefined for a rule that does not look at numbers. */
  readonly permits: ((number: number, view: NumberView) => boolean) | undefined;
}

/** A registered rule: its schema parses an entry of `spec.rules` straight into a BoundRule. */
export interface Rule {
  readonly meta: RuleMeta;
  readonly messages: Readonly<Record<string, Message>>;
  readonly presets: Readonly<Partial<Record<'baseline' | 'restricted', Readonly<Record<string, unknown>>>>>;
  /** Options flat beside `enforcement`, strict. Input: what a user writes. Output: the bound rule. */
  readonly entry: z.ZodType<BoundRule>;
}

/** The only way to make a rule: ties messages, options and check together so that the compiler sees a slip. */
export function defineRule<const Messages extends Record<string, Message>, Options extends z.ZodObject>(
  definition: Definition<Messages, Options>,
): Rule & { readonly definition: Definition<Messages, Options> } {
  const { name, summary, why, subject, origins, words, exposure = opened } = definition;
  const { absolute, guardsPorts, yieldsTo, readsWorkloads, enforcesPoolQuotas } = definition;
  const meta: RuleMeta = {
    name,
    summary,
    why,
    subject,
    exposure,
    ...(origins !== undefined && { origins }),
    ...(words !== undefined && { words }),
    ...(absolute !== undefined && { absolute }),
    ...(guardsPorts !== undefined && { guardsPorts }),
    ...(yieldsTo !== undefined && { yieldsTo }),
    ...(readsWorkloads !== undefined && { readsWorkloads }),
    ...(enforcesPoolQuotas !== undefined && { enforcesPoolQuotas }),
  };
  let entry: z.ZodType<BoundRule> | undefined;
  return {
    meta,
    messages: definition.messages,
    presets: definition.presets,
    // A schema takes long to make, and most policies use half of the rules.
    get entry() {
      return (entry ??= entryOf(definition, meta));
    },
    definition,
  };
}

const ENFORCEMENT_DESCRIPTION =
  'What a finding of this rule does: deny the request, warn, or only be recorded (audit).';
const anyEnforcement = z.enum(ENFORCEMENTS).default('deny').describe(ENFORCEMENT_DESCRIPTION);
const denyOnly = z.enum(['deny']).default('deny').describe(ENFORCEMENT_DESCRIPTION);

function entryOf<Messages extends Record<string, Message>, Options extends z.ZodObject>(
  definition: Definition<Messages, Options>,
  meta: RuleMeta,
): z.ZodType<BoundRule> {
  const enforcement = definition.absolute === true ? denyOnly : anyEnforcement;
  return definition.options.extend({ enforcement }).transform((parsed): BoundRule => {
    const { enforcement: level, ...rest } = parsed;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zod cannot type "the extended object without the added key"
    const options = rest as z.output<Options>;
    const { permits } = definition;
    return {
      meta,
      permits: permits && ((number, view) => permits(number, view, options)),
      enforcement: enforcement.parse(level),
      setsFields: definition.setsFields?.(options) ?? {},
      unseenAtAdmission: definition.unseenAtAdmission?.(options),
      check: (scene, mostFindings) =>
        outcomeOf(definition, { raw: scene.service.raw, mostFindings }, (report, undetermined) =>
          definition.check?.(scene, options, report, undetermined),
        ),
      checkWorkload: (scene, mostFindings) =>
        outcomeOf(definition, { raw: scene.workload.raw, mostFindings }, (report) =>
          definition.checkWorkload?.(scene, options, report),
        ),
      set: (service) => definition.set?.(service, options) ?? [],
    };
  });
}

function outcomeOf<Messages extends Record<string, Message>>(
  definition: { readonly name: string; readonly messages: Messages },
  { raw, mostFindings }: { readonly raw: JsonObject; readonly mostFindings: number },
  check: (report: Report<Messages>, undetermined: (needs: Need) => void) => void,
): RuleOutcome {
  const findings: RawFinding[] = [];
  const needs: Need[] = [];
  const report: Report<Messages> = (messageId, path, data, evidence = {}) => {
    if (findings.length >= mostFindings) return;
    const message: Message | undefined = definition.messages[messageId];
    if (message === undefined) throw new TypeError(`${definition.name} has no message ${messageId}`);
    const { value, port, ...rest } = 'value' in evidence ? evidence : { ...evidence, value: valueAt(raw, path) };
    findings.push({
      messageId,
      path,
      text: fillIn(message.text, data),
      value,
      preemptsApiServer: message.preemptsApiServer ?? false,
      ...(message.limit !== undefined && { limit: message.limit }),
      ...(port !== undefined && { port: { number: port.number, protocol: port.protocol } }),
      ...rest,
    });
  };
  check(report, (need) => needs.push(need));
  return { findings, needs };
}

function fillIn(template: string, data: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = data[name] ?? '';
    return typeof value === 'string' ? value : String(value);
  });
}

/** For data that came from the object: escaped and cut. Text that the policy's author wrote goes in as it is. */
export function quoted(text: string): string {
  return `"${printable(text)}"`;
}
