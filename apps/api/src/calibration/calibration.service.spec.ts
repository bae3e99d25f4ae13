import type { Database } from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import { CalibrationService } from './calibration.service';

it('fits the maps of the other tenants where one cannot be fitted, and says so', async () => {
  const fitted: string[] = [];
  const warn = jest.fn();
  const database = {
    system: (work: (tx: object) => Promise<unknown>) => work({ query: async () => [{ id: 'a' }, { id: 'b' }] }),
    tenant: async (tenantId: string) => {
      if (tenantId === 'a') throw new Error('its decisions cannot be read');
      fitted.push(tenantId);
    },
  } as unknown as Database;
  await new CalibrationService(database, { warn } as unknown as Logger).fitAll();
  expect(fitted).toEqual(['b']);
  expect(warn).toHaveBeenCalledWith(expect.objectContaining({ tenantId: 'a' }), 'calibration.not_fitted');
});
