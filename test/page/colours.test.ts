import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Colours of page.css that must be told apart, although no text is written in them. */
const CSS = readFileSync('src/page/page.css', 'utf8');

function colours(name: string): readonly string[] {
  const [, light = '', dark = ''] = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(CSS) ?? [];
  return [light, dark];
}

/** As WCAG 2 defines it. */
function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replaceAll(/\w/g, '$&$&') : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(digits.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

it.each([
  ['stripe', 'free'],
  ['ink', 'paper'],
])('%s stands out against %s in light and in dark', (one, other) => {
  const least = colours(one).map((colour, scheme) => contrast(colour, colours(other)[scheme] ?? ''));
  expect(least.map((ratio) => ratio >= 3)).toEqual([true, true]);
});
