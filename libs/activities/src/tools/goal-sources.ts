import { type ArtifactRecord, ArtifactRepository } from '@goalkeeper/persistence';
import { createSourceResolver, type SourceResolver } from '@goalkeeper/tools';
import { parsePublicId } from '@goalkeeper/domain';
import type { ActivityDeps } from '../deps';

/** Finds an uploaded file of the goal's tenant; null when there is none of that id. */
export type FindArtifact = (id: string) => Promise<Pick<ArtifactRecord, 'sha256' | 'name'> | null>;

/**
 * Where a goal of this tenant may read its data from: its uploads, the samples, files below the configured roots.
 *
 * @param find for those who hold a connection already: were they to wait for a second one, a pool's worth of them would wait for
 *   each other; in a transaction of its own unless told
 */
export function createGoalSources(deps: ActivityDeps, tenantId: string, find?: FindArtifact): SourceResolver {
  const inTenant: FindArtifact = (id) => deps.database.tenant(tenantId, (tx) => new ArtifactRepository(tx).get(id));
  return createSourceResolver({
    roots: deps.files.roots,
    closed: deps.files.closed ?? [],
    samplesDir: deps.files.samplesDir ?? '',
    async artifactPath(publicId) {
      const id = parsePublicId('art', publicId);
      const artifact = id && (await (find ?? inTenant)(id));
      return artifact ? { path: await deps.blobs.path(artifact.sha256), name: artifact.name } : undefined;
    },
  });
}
