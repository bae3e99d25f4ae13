import { ArtifactRepository } from '@goalkeeper/persistence';
import { createSourceResolver, type SourceResolver } from '@goalkeeper/tools';
import { parsePublicId } from '@goalkeeper/domain';
import type { ActivityDeps } from '../deps';

/** Where a goal of this tenant may read its data from: its uploads, the samples, files below the configured roots. */
export function createGoalSources(deps: ActivityDeps, tenantId: string): SourceResolver {
  return createSourceResolver({
    roots: deps.files.roots,
    closed: deps.files.closed ?? [],
    samplesDir: deps.files.samplesDir ?? '',
    async artifactPath(publicId) {
      const id = parsePublicId('art', publicId);
      const artifact = id && (await deps.database.tenant(tenantId, (tx) => new ArtifactRepository(tx).get(id)));
      return artifact ? { path: await deps.blobs.path(artifact.sha256), name: artifact.name } : undefined;
    },
  });
}
