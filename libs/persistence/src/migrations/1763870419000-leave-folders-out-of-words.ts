import type { MigrationInterface, QueryRunner } from 'typeorm';

const PLAIN = `
  -- As plainWords in the domain: a path stands for the name of its file, without folders and ending; "_" parts words.
  CREATE FUNCTION gk_plain_words(objective text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN translate(
    regexp_replace(regexp_replace(objective, '[^[:space:]/\\\\]*[/\\\\]', ' ', 'g'), '([[:alnum:]_])[.][A-Za-z]{1,5}(?![[:alnum:]_])', '\\1 ', 'g'),
    '_', ' ');`;

const REFILL = `
  SELECT set_config('gk.system', 'on', true);
  DELETE FROM episode_word;
  DELETE FROM episode_stem;
  INSERT INTO episode_word (tenant_id, stem, episode_id)
  SELECT DISTINCT e.tenant_id, left(s.stem, 100), e.id FROM episode e CROSS JOIN LATERAL unnest((tsvector_to_array(e.words))[1:100]) AS s (stem);
  INSERT INTO episode_stem (tenant_id, stem, trigrams)
  SELECT w.tenant_id, w.stem, gk_trigrams(w.stem) FROM (SELECT DISTINCT tenant_id, stem FROM episode_word) AS w;
  SELECT set_config('gk.system', '', true);`;

const words = (of: string): string =>
  `ALTER TABLE episode ALTER COLUMN words SET EXPRESSION AS (to_tsvector('english', ${of}));`;

/** Goals that lie in the same folder are not alike for that; goals about the same file are, wherever it lies. */
export class LeaveFoldersOutOfWords1763870419000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [PLAIN, words('gk_plain_words(objective)'), REFILL]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const sql of [words('objective'), REFILL, 'DROP FUNCTION gk_plain_words(text);']) await db.query(sql);
  }
}
