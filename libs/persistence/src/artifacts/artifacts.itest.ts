import { aGoal, createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { openDatabase, type Database } from '../database/database';
import { GoalRepository } from '../goals/goal.repository';
import { newId } from '../ids';
import { TenantRepository } from '../tenants/tenant.repository';
import { ArtifactRepository, type NewArtifact } from './artifact.repository';

const A = newId();
const log = { info: () => undefined, warn: () => undefined };

describe('artifacts', () => {
  let server: TestDatabase;
  let database: Database;
  const goal = aGoal({ tenantId: A });
  const file = (told: Partial<NewArtifact> = {}): NewArtifact => ({
    id: newId(),
    goalId: goal.id,
    stepId: 'report#0',
    name: 'report.html',
    mediaType: 'text/html',
    sizeBytes: 5_000_000_000,
    sha256: 'a'.repeat(64),
    direction: 'out',
    ...told,
  });
  const artifacts = <T>(work: (repository: ArtifactRepository) => Promise<T>) =>
    database.tenant(A, (tx) => work(new ArtifactRepository(tx)));

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 2, migrate: true, log });
    await database.tenant(A, async (tx) => {
      await new TenantRepository(tx).add({ id: A, name: 'A' });
      await new GoalRepository(tx).accept(goal, []);
    });
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('come back as they were stored, sizes beyond 32 bits too', async () => {
    const upload = file({ goalId: null, stepId: null, name: 'Wetter "März".csv', direction: 'in' });
    await artifacts((repository) => repository.add(upload));
    expect(await artifacts((repository) => repository.get(upload.id))).toEqual({
      ...upload,
      createdAt: expect.any(Date),
    });
    expect(await artifacts((repository) => repository.get(newId()))).toBeNull();
  });

  it('are listed once a goal however often a repeated step stores them; uploads may repeat', async () => {
    const [report, source] = [file(), file({ name: 'in.csv', direction: 'in', stepId: null })];
    await artifacts((repository) => repository.add(report, source));
    await artifacts((repository) => repository.add({ ...report, id: newId() }, { ...source, id: newId() }));
    const listed = await artifacts((repository) => repository.listByGoal(goal.id));
    expect(listed.map(({ id }) => id).sort()).toEqual([report.id, source.id].sort());
    expect(await artifacts((repository) => repository.listByGoal(goal.id, 'out'))).toMatchObject([report]);
    const uploads = [file({ goalId: null }), file({ goalId: null })];
    await artifacts((repository) => repository.add(...uploads));
    for (const { id } of uploads) expect(await artifacts((repository) => repository.get(id))).not.toBeNull();
  });
});
