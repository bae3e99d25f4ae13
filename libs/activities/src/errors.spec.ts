import { DatabaseUnavailableError } from '@goalkeeper/persistence';
import { toTemporalFailure } from './errors';

const withState = (code: string): Error => Object.assign(new Error('from PostgreSQL'), { code });

it.each([
  ['a statement that took too long, as the store tells it', new DatabaseUnavailableError('took too long', {}, '')],
  ['a statement that took too long, as PostgreSQL tells it', withState('57014')],
  ['a server that shuts down', withState('57P01')],
])('%s is tried again', (_what, error) => {
  expect(toTemporalFailure(error)).not.toMatchObject({ nonRetryable: true });
});

it.each([
  ['a broken constraint', withState('23505')],
  ['a defect', new TypeError('x is undefined')],
])('%s is not tried again', (_what, error) => {
  expect(toTemporalFailure(error)).toMatchObject({ nonRetryable: true, type: 'defect' });
});
