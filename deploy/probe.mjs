/** Health check of a container: exit code 0 when the given URL answers 200. */
const url = process.argv[2];
const response = await fetch(url, { signal: AbortSignal.timeout(4_000) }).catch((error) => {
  console.error(`${url}: ${error.cause?.code ?? error.message}`);
  process.exit(1);
});
if (response.status !== 200) {
  console.error(`${url}: ${response.status} ${(await response.text()).slice(0, 500)}`);
  process.exit(1);
}
