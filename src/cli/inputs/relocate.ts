import { existsSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { SourceRegion } from '../../domain/source.ts';
import { chartsBelow, namesOfChart } from './charts-below.ts';
import { namesOf, type Place, placeIn } from './place.ts';
import { readRegularFile } from './read-regular-file.ts';
import { CHART_FILE } from './walk-directory.ts';
import { type RenderedPart, spotInTemplate, TOP } from './template-line.ts';

/** A part of helm's output, which names the template that it was rendered from. */
interface SourcePart extends RenderedPart {
  readonly source: string;
  /** Index of its first line. */
  readonly start: number;
}

interface Template {
  readonly shown: string;
  readonly lines: readonly string[];
}

/** Regions of a rendered chart, in its templates; else in its Chart.yaml. */
export function relocateChart(bytes: Uint8Array, chart: Place): (region: SourceRegion) => SourceRegion {
  const chartFile = placeIn(chart, CHART_FILE).shown;
  // The first step is the name of the chart.
  const relocate = relocation(bytes, (source) => readTemplate(chart, source.slice(source.indexOf('/') + 1)));
  return (region) => relocate(region) ?? { ...TOP, file: chartFile };
}

/**
 * Regions of what was piped in, where it names a template that is there: as it is named, seen from the working directory;
 * else in the chart that this is (`helm template . | …`), or in the only one below that is called so. Others stay as they are.
 */
export function relocatePiped(bytes: Uint8Array, search: PipedSearch): (region: SourceRegion) => SourceRegion {
  const relocate = relocation(bytes, (source) => {
    const { here } = search;
    const [name = ''] = source.split('/', 1);
    const inChart = source.slice(name.length + 1);
    const asNamed = readTemplate(here, source) ?? (search.isChart(name) ? readTemplate(here, inChart) : undefined);
    if (asNamed !== undefined) return asNamed;
    const chart = search.chart(name);
    return chart && readTemplate(chart, inChart);
  });
  return (region) => relocate(region) ?? region;
}

/** Where the templates behind what is piped in are looked for. */
export interface PipedSearch {
  readonly here: Place;
  /** Whether that is a chart, and may be called so. */
  isChart(name: string): boolean;
  chart(name: string): Place | undefined;
}

/** The directories below are searched once, when something is found nowhere else. */
export function searchFrom(cwd: string): PipedSearch {
  const here: Place = { ...namesOf('.', cwd), real: realpathSync.native(cwd) };
  let charts: ReadonlyMap<string, Place> | undefined;
  return {
    here,
    isChart: (name) => existsSync(join(cwd, CHART_FILE)) && (namesOfChart(here)[0] ?? name) === name,
    chart: (name) => (charts ??= chartsBelow(here)).get(name),
  };
}

/** Nothing is decoded, split or read before somebody asks: most runs have nothing to report about a chart. */
function relocation(
  bytes: Uint8Array,
  read: (source: string) => Template | undefined,
): (region: SourceRegion) => SourceRegion | undefined {
  let parts: readonly SourcePart[] | undefined;
  const templates = new Map<string, Template | undefined>();
  return (region) => {
    parts ??= sourceParts(new TextDecoder().decode(bytes).split('\n'));
    const index = region.line - 1;
    const part = parts.find(({ start, lines }) => start <= index && index < start + lines.length);
    if (part === undefined) return undefined;
    if (!templates.has(part.source)) templates.set(part.source, read(part.source));
    const template = templates.get(part.source);
    if (template === undefined) return undefined;
    return { file: template.shown, ...spotInTemplate(region, part, index - part.start, template.lines) };
  };
}

/** Helm writes `---` and `# Source: CHART/templates/FILE` before each document. */
function sourceParts(lines: readonly string[]): readonly SourcePart[] {
  const bounds = [...lines.flatMap((line, index) => (/^---\s*$/.test(line) ? [index] : [])), lines.length];
  const parts = (bounds[0] === 0 ? bounds : [-1, ...bounds]).flatMap((bound, index, all) => {
    const start = bound + 1;
    const source = /^# Source: (\S.*)$/.exec(lines[start] ?? '')?.[1]?.trimEnd();
    return source === undefined ? [] : [{ source, start, lines: lines.slice(start, all[index + 1] ?? lines.length) }];
  });
  const bySource = Map.groupBy(parts, ({ source }) => source);
  return parts.map((part) => ({ ...part, isWhole: bySource.get(part.source)?.length === 1 }));
}

/**
 * The lines of a template in the directory. The name comes from the text: one that leads out of the directory, by itself or
 * by a link, is not followed, since reports quote what stands there.
 */
function readTemplate(directory: Place, name: string): Template | undefined {
  const steps = name.split('/');
  if (steps.some((step) => step === '' || step === '.' || step === '..')) return undefined;
  const place = steps.reduce(placeIn, directory);
  try {
    const real = realpathSync.native(resolve(place.path));
    if (!real.startsWith(directory.real.endsWith(sep) ? directory.real : `${directory.real}${sep}`)) return undefined;
    const read = readRegularFile(real);
    return read.ok ? { shown: place.shown, lines: new TextDecoder().decode(read.value).split(/\r?\n/) } : undefined;
  } catch {
    return undefined;
  }
}
