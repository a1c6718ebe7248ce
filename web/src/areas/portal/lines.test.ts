import { describe, expect, it } from 'vitest';
import { packed, type Line } from './lines';

const line = (purchase_id: string, state: string, recalling = false) => ({ id: `${purchase_id}-${state}`, purchase_id, state, recalling }) as Line;

describe('parcels to pack', () => {
  it('leaves out what is over, and keeps what is being asked back', () => {
    const { todo, over, word } = packed([line('a', 'shipped'), line('b', 'open'), line('c', 'shipped'), line('c', 'accepted'), line('d', 'accepted', true)]);
    expect(todo.map(([id]) => id)).toEqual(['b', 'c', 'd']);
    expect(over.map(([id]) => id)).toEqual(['a']);
    expect(word).toBe('已发');
  });

  it('does not call shipped what was refused', () => {
    expect(packed([line('a', 'shipped'), line('b', 'refused')]).word).toBe('已发或不用发');
  });
});
