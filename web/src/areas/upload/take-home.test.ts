import { describe, expect, it } from 'vitest';
import { broughtHome } from './take-home';

type Shops = Parameters<typeof broughtHome>[0];

describe('what one press calls uploaded', () => {
  it('is every file taken home, of all shops, and no other', () => {
    const shops = [
      { files: [{ id: 'a', state: 'downloaded' }, { id: 'b', state: 'uploaded' }] },
      { files: [] },
      { files: [{ id: 'c', state: 'ready' }, { id: 'd', state: 'downloaded' }] },
    ] as unknown as Shops;
    expect(broughtHome(shops)).toEqual(['a', 'd']);
  });
});
