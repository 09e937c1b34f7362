/**
 * Text for a SARIF message, where `[words](1)` would be a link and `{0}` a placeholder: what comes from manifests can
 * make neither. An empty text is not allowed.
 */
export function plainMessage(text: string, otherwise: string): string {
  if (text === '') return otherwise;
  return withoutPlaceholders(text.includes('](') ? withoutLinks(text) : text);
}

/** A link to the related location with this id. */
export function linkTo(id: number, text: string): string {
  return `[${withoutPlaceholders(withoutLinks(text))}](${id})`;
}

function withoutLinks(text: string): string {
  return text.replaceAll(/[\\[\]]/g, String.raw`\$&`);
}

function withoutPlaceholders(text: string): string {
  return text.replaceAll(/\{(\d+)\}/g, '{{$1}}');
}
