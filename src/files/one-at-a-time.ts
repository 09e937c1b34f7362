/**
 * Makes a function that runs `work`, never twice at once: calls while it runs become one more run after it, so the last
 * state is always seen. What it throws goes to `onFault`, which must not throw: a fault in one run must not end the process.
 */
export function oneAtATime(work: () => Promise<void>, onFault: (error: unknown) => void): () => void {
  let isRunning = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (isWanted) {
      isWanted = false;
      await work().catch(onFault);
    }
    isRunning = false;
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}
