const KEY = 'nodeport-gate.playground';

/** Where the browser keeps nothing for the page (private windows, a full store), the page itself does. */
let kept: string | undefined;

/** What was typed before the tab was switched or the page reloaded. */
export function keptText(): string | undefined {
  try {
    return kept ?? sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return kept;
  }
}

export function keepText(text: string): void {
  kept = text;
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // `kept` has it.
  }
}
