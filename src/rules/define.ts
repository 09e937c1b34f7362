import { z } from 'zod';
import type { Enforcement, Need, RawFinding } from '../domain/finding.ts';
import { ENFORCEMENTS } from '../domain/finding.ts';
import type { HeldPort, Inventory } from '../domain/inventory.ts';
import type { NodePort, PortPair } from '../domain/node-port.ts';
import { opened } from '../domain/node-port.ts';
import type { Change } from '../domain/patch.ts';
import type { Path } from '../domain/path.ts';
import { valueAt } from '../domain/path.ts';
import type { Entitlement, Pool } from '../domain/pool.ts';
import type { PortSet } from '../domain/port-set.ts';
import type { Service, ServiceRef } from '../domain/service.ts';
import { printable } from '../domain/text.ts';
import type { Because } from '../domain/verdict.ts';

/** A node port that the Service opens, with where its number comes from. */
export interface ScenePort extends NodePort {
  readonly because: Because;
  /** For a number that the API server picked: what `/mutate` would assign now, if it can. */
  readonly wouldGet: number | undefined;
}

/** A port that will be open but has no number yet, and gets none from the gate. */
export interface UnassignedPort {
  readonly label: string;
  readonly protocol: string;
  readonly path: Path;
  /** The pool that should give the number; undefined when the Service has no pool to be assigned from. */
  readonly pool: Pool | undefined;
  /** `exhausted`: every assignable number of the pool has a holder. `not-assigned`: nobody may assign. */
  readonly why: 'exhausted' | 'not-assigned';
}

/**
 * What a rule sees. A rule reports only about `service`, reads no clock and changes nothing; everything here is frozen in
 * the tests.
 */
export interface Scene {
  readonly service: Service;
  readonly oldService: Service | undefined;
  /** opened(service), each with its reason; numbers that count as unassigned (a dry run's dummies) are not here. */
  readonly ports: readonly ScenePort[];
  readonly unassigned: readonly UnassignedPort[];
  readonly pools: Entitlement;
  readonly inventory: Inventory;
  /** The numbers that the API server can allocate. */
  readonly clusterPorts: PortSet;
  /**
   * Up to three free numbers to suggest for this port, which every rule would permit: the next choices of its key in the
   * Service's own pool, or outside every pool when it has none. For a later group of the same Service those that were not
   * offered to another one yet, as long as there are enough.
   */
  freeFor(port: { readonly label: string; readonly protocol: string }): readonly number[];
}

/** What a rule needs to know to say whether it would permit a number. */
export type NumberView = Pick<Scene, 'pools' | 'clusterPorts'>;

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
  /** The offending value, where it is not simply what stands at the path. */
  readonly value?: unknown;
  /** Makes it a port finding. */
  readonly port?: PortPair;
  readonly free?: readonly number[];
  readonly holder?: HeldPort;
  readonly dependsOn?: readonly ServiceRef[];
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
  /** `open-service` rules are asked only about Services that open, or will open, a node port. */
  readonly subject: 'open-service' | 'every-service';
  /** Cannot be excepted, suppressed, ratcheted, capped or switched off under a preset that has it. */
  readonly absolute?: true;
  /** An exception for this rule must name ports, and no annotation can suppress it. */
  readonly guardsPorts?: true;
  /** When one of these rules has a finding, at least as strict, about the same field, this rule's is left out. */
  readonly yieldsTo?: readonly string[];
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
  check(
    scene: Scene,
    options: z.output<Options>,
    report: Report<Messages>,
    /** Says that the rule could not know; call it at most once for a need. */
    undetermined: (needs: Need) => void,
  ): void;
}

type PresetEntry<Options extends z.ZodObject> = { readonly enforcement: Enforcement } & {
  readonly [Name in keyof Options['shape']]?: z.input<Options['shape'][Name]>;
};

/** The parts of a definition that do not depend on options. */
export type RuleMeta = Pick<
  Definition<Record<string, Message>, z.ZodObject>,
  'name' | 'summary' | 'why' | 'subject' | 'absolute' | 'guardsPorts' | 'yieldsTo' | 'enforcesPoolQuotas'
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
  const {
    name,
    summary,
    why,
    subject,
    absolute,
    guardsPorts,
    yieldsTo,
    enforcesPoolQuotas,
    exposure = opened,
  } = definition;
  const meta: RuleMeta = {
    name,
    summary,
    why,
    subject,
    exposure,
    ...(absolute !== undefined && { absolute }),
    ...(guardsPorts !== undefined && { guardsPorts }),
    ...(yieldsTo !== undefined && { yieldsTo }),
    ...(enforcesPoolQuotas !== undefined && { enforcesPoolQuotas }),
  };
  const enforcement = z
    .enum(definition.absolute === true ? (['deny'] as const) : ENFORCEMENTS)
    .default('deny')
    .describe('What a finding of this rule does: deny the request, warn, or only be recorded (audit).');
  const entry = definition.options.extend({ enforcement }).transform((parsed): BoundRule => {
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
      check: (scene, mostFindings) => runCheck(definition, options, { scene, mostFindings }),
      set: (service) => definition.set?.(service, options) ?? [],
    };
  });
  return { meta, messages: definition.messages, presets: definition.presets, entry, definition };
}

function runCheck<Messages extends Record<string, Message>, Options extends z.ZodObject>(
  definition: Definition<Messages, Options>,
  options: z.output<Options>,
  { scene, mostFindings }: { readonly scene: Scene; readonly mostFindings: number },
): RuleOutcome {
  const findings: RawFinding[] = [];
  const needs: Need[] = [];
  const report: Report<Messages> = (messageId, path, data, evidence = {}) => {
    if (findings.length >= mostFindings) return;
    const message: Message | undefined = definition.messages[messageId];
    if (message === undefined) throw new TypeError(`${definition.name} has no message ${messageId}`);
    const { value = valueAt(scene.service.raw, path), port, ...rest } = evidence;
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
  definition.check(scene, options, report, (need) => needs.push(need));
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
