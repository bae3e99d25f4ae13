import { roleOf } from './roles';

const whole = (name: string) =>
  roleOf({
    reading: { name, type: 'integer', from: 'text', formats: [], missingTokens: [] },
    ...{ rows: 90, present: 80, distinct: 40, numeric: null, spaced: 0, topCount: 5 },
  });

describe('the role of a column of whole numbers', () => {
  it.each(['id', 'ID', 'order_id', 'orderId', 'orderID'])('%s names things', (name) => {
    expect(whole(name)).toBe('id');
  });

  it.each(['paid', 'bid', 'humid', 'PAID', 'grid'])('%s is an amount, though it ends like a name of ids', (name) => {
    expect(whole(name)).toBe('integer');
  });
});
