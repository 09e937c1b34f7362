/** The time in every test that has no reason for another: before every date in their documents. */
export const NOW = new Date('2026-11-21T12:00:00Z');
