/** A tool as a worker registers it. */
export const aDescriptor = {
  ...({ name: 'test.echo', version: '1', summary: '', kind: 'real', effect: 'pure' } as const),
  ...{ boundMs: 1, timeoutMs: 10, costUsd: 0 },
} as const;

/** Stores a document's passage for the goal `$1` of the transaction's tenant. */
export const INSERT_PASSAGE = `
  WITH c AS (INSERT INTO research_corpus (tenant_id, goal_id, corpus) VALUES (gk_tenant(), $1, 'c'))
  INSERT INTO research_passage VALUES (gk_tenant(), $1, 'c', 0, 0, 'secret', '[]', to_tsvector('english', 'secret'), 1)`;
