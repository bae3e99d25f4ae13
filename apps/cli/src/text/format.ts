/** A span of milliseconds for people: `0.8 s`, `12.4 s`, `3 m 05 s`, `2 h 07 m`. Negative spans count as 0. */
export function formatDuration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < 59_950) return `${(span / 1000).toFixed(1)} s`;
  const seconds = Math.round(span / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
}

const pad = (value: number): string => String(value).padStart(2, '0');

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes for people, in powers of 1000: `812 B`, `14.2 kB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A probability with two digits, `0.82`; '' when it is unknown. */
export function formatConfidence(p: number | null): string {
  return p === null ? '' : p.toFixed(2);
}
