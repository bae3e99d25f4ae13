import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  CREATE TABLE research_corpus (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL REFERENCES goal ON DELETE CASCADE,
    corpus text NOT NULL,
    passages integer NOT NULL DEFAULT 0 CHECK (passages >= 0),
    words bigint NOT NULL DEFAULT 0 CHECK (words >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (goal_id, corpus)
  );
  SELECT gk_protect('research_corpus');

  -- 'words' is made from more than 'body': headings above it count for finding it, and are never quoted.
  CREATE TABLE research_passage (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    corpus text NOT NULL,
    ordinal integer NOT NULL,
    document integer NOT NULL,
    body text NOT NULL,
    sentences jsonb NOT NULL,
    words tsvector NOT NULL,
    length integer NOT NULL CHECK (length >= 0),
    PRIMARY KEY (goal_id, corpus, ordinal),
    FOREIGN KEY (goal_id, corpus) REFERENCES research_corpus ON DELETE CASCADE
  );
  CREATE INDEX research_passage_words ON research_passage USING gin (words);
  SELECT gk_protect('research_passage');

  CREATE TABLE research_term (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    corpus text NOT NULL,
    lexeme text NOT NULL,
    passages integer NOT NULL CHECK (passages > 0),
    PRIMARY KEY (goal_id, corpus, lexeme),
    FOREIGN KEY (goal_id, corpus) REFERENCES research_corpus ON DELETE CASCADE
  );
  SELECT gk_protect('research_term');`;

const COUNTING = `
  -- Counts what was stored of a corpus: how many passages have each word, how many passages and words there are.
  CREATE FUNCTION gk_research_count(p_goal uuid, p_corpus text) RETURNS integer LANGUAGE plpgsql AS $$
  DECLARE
    found integer;
  BEGIN
    DELETE FROM research_term WHERE goal_id = p_goal AND corpus = p_corpus;
    INSERT INTO research_term (tenant_id, goal_id, corpus, lexeme, passages)
    SELECT gk_tenant(), p_goal, p_corpus, w.lexeme, count(*)
    FROM research_passage p CROSS JOIN LATERAL unnest(p.words) AS w (lexeme, positions, weights)
    WHERE p.goal_id = p_goal AND p.corpus = p_corpus GROUP BY w.lexeme;
    UPDATE research_corpus c SET (passages, words) =
      (SELECT count(*), coalesce(sum(p.length), 0) FROM research_passage p WHERE p.goal_id = p_goal AND p.corpus = p_corpus)
    WHERE c.goal_id = p_goal AND c.corpus = p_corpus RETURNING c.passages INTO found;
    RETURN coalesce(found, 0);
  END $$;

  -- The weight of each word of a question, as BM25 weighs: ln(1 + (N - n + 0.5) / (n + 0.5)); n is 0 for a word that no passage has.
  CREATE FUNCTION gk_research_terms(p_goal uuid, p_corpus text, p_question text)
  RETURNS TABLE (lexeme text, passages integer, weight double precision) LANGUAGE sql STABLE AS $$
    SELECT q.lexeme, coalesce(t.passages, 0),
      ln(1 + (c.passages - coalesce(t.passages, 0) + 0.5) / (coalesce(t.passages, 0) + 0.5))::double precision
    FROM research_corpus c CROSS JOIN unnest(to_tsvector('english', p_question)) AS q (lexeme, positions, weights)
    LEFT JOIN research_term t ON t.goal_id = p_goal AND t.corpus = p_corpus AND t.lexeme = q.lexeme
    WHERE c.goal_id = p_goal AND c.corpus = p_corpus
  $$;`;

const SEARCH = `
  -- Okapi BM25 (k1 = 1.2, b = 0.75) over the candidates that the GIN index gives, from the stored counts and lengths. It runs with
  -- the owner's rights because row-level security would keep the index from being used; the tenant is asked for by name.
  CREATE FUNCTION gk_research_search(p_goal uuid, p_corpus text, p_question text, p_limit integer)
  RETURNS TABLE (ordinal integer, document integer, body text, sentences jsonb, score double precision, lexemes text[])
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    wanted tsquery := (SELECT string_agg('''' || replace(replace(q.lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')
      FROM unnest(to_tsvector('english', p_question)) AS q (lexeme, positions, weights))::tsquery;
    average double precision := (SELECT greatest(c.words::double precision / greatest(c.passages, 1), 1) FROM research_corpus c
      WHERE c.tenant_id = gk_tenant() AND c.goal_id = p_goal AND c.corpus = p_corpus);
  BEGIN
    IF wanted IS NULL OR average IS NULL THEN RETURN; END IF;
    RETURN QUERY
    SELECT p.ordinal, p.document, p.body, p.sentences,
      sum(t.weight * w.times * 2.2 / (w.times + 1.2 * (0.25 + 0.75 * p.length / average))) AS score,
      array_agg(w.lexeme ORDER BY w.lexeme) AS lexemes
    FROM research_passage p
    CROSS JOIN LATERAL (SELECT u.lexeme, cardinality(u.positions) AS times FROM unnest(p.words) AS u (lexeme, positions, weights)) AS w
    JOIN gk_research_terms(p_goal, p_corpus, p_question) AS t ON t.lexeme = w.lexeme
    WHERE p.tenant_id = gk_tenant() AND p.goal_id = p_goal AND p.corpus = p_corpus AND p.words @@ wanted
    GROUP BY p.goal_id, p.corpus, p.ordinal
    ORDER BY score DESC, p.ordinal LIMIT p_limit;
  END $$;
  REVOKE ALL ON FUNCTION gk_research_search(uuid, text, text, integer) FROM PUBLIC;`;

const END = `
  -- What was gathered serves its goal alone and goes when that has ended.
  CREATE FUNCTION gk_research_forget() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM research_corpus WHERE goal_id = NEW.id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER research_ends_with_goal AFTER UPDATE OF finished_at ON goal FOR EACH ROW
    WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL) EXECUTE FUNCTION gk_research_forget();`;

/** Passages of the documents that a goal reads, with what finding them by BM25 takes. */
export class CreateResearch1763870413000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const part of [TABLES, COUNTING, SEARCH, END]) await db.query(part);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TRIGGER research_ends_with_goal ON goal;
      DROP FUNCTION gk_research_forget();
      DROP FUNCTION gk_research_search(uuid, text, text, integer);
      DROP FUNCTION gk_research_terms(uuid, text, text);
      DROP FUNCTION gk_research_count(uuid, text);
      DROP TABLE research_term, research_passage, research_corpus;
    `);
  }
}
