import { readFileSync } from 'node:fs';

/**
 * The few calls of our REST API that the launcher makes. A server that is being restarted is waited for.
 * @param {{api: string, tokenFile: string}} addresses
 */
export function createApiClient({ api, tokenFile }) {
  const get = async (path) => {
    const headers = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
    const response = await fetch(new URL(path, api), { headers, signal: AbortSignal.timeout(10_000) });
    if (response.ok) return response;
    throw new Error(`GET ${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
  };
  return {
    async goals(limit = 1) {
      return (await (await get(`/v1/goals?limit=${limit}`)).json()).data;
    },
    /** Every event so far with a sequence number above `after`. */
    async events(goalId, after = 0) {
      const all = [];
      for (let next = after; next !== null;) {
        const { data, page } = await (await get(`/v1/goals/${goalId}/events?after=${next}&limit=1000`)).json();
        all.push(...data);
        next = page.hasMore ? page.next : null;
      }
      return all;
    },
  };
}
