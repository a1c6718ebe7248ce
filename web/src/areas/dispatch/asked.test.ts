import { describe, expect, it } from 'vitest';
import { queryString } from '@api/http';
import { to } from '@kit/index';
import { askedFor } from './asked';

const asked = (address: string) => askedFor(new URLSearchParams(address.split('?')[1] ?? ''));

describe('what is to be dispatched', () => {
  it('is everything that waits when nothing is said', () => {
    expect(asked('/dispatch')).toEqual({ ids: null });
  });
  it('is the named orders', () => {
    expect(asked(to('dispatch', { ids: ['a', 'b'] }))).toEqual({ ids: ['a', 'b'] });
  });
  it('is what a filter finds, however many that are', () => {
    const filter = { tab: 'dispatch', shop: '1,2', text: '花瓶 & 架' };
    expect(asked(to('dispatch', { filter: queryString(filter), except: ['x', 'y'] }))).toEqual({ filter, except: ['x', 'y'] });
    expect(asked(to('dispatch', { filter: queryString({ tab: 'all' }) }))).toEqual({ filter: { tab: 'all' }, except: [] });
  });
});
