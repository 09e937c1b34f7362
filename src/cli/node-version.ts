/** Says so when this Node is older than the package needs (`>=22.19`); undefined when it is not. */
export function oldNode(running: string, needed: string): string | undefined {
  const oldest = needed.replace(/^>=/, '');
  if (isAtLeast(numbersOf(running), numbersOf(oldest))) return undefined;
  return `nodeport-gate needs Node ${oldest} or later, this is ${running}; install one, or run integrations/nodeport-gate.sh of a checkout, which brings its own`;
}

/** `v22.19.0-rc.1`, `22.19` */
function numbersOf(version: string): readonly number[] {
  return version.replace(/^v/, '').split(/[.-]/).slice(0, 2).map(Number);
}

function isAtLeast([major = 0, minor = 0]: readonly number[], [neededMajor = 0, neededMinor = 0]: readonly number[]) {
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}
