import { describe, expect, it } from 'vitest';
import { definitionOf, draftOf, moved, placeOf } from './shapes';

describe('a rule in the editor', () => {
  it('comes back as the document it was, groups inside included', () => {
    const document = {
      when: { any: [{ field: 'margin_fen', op: 'lt', value: 100 }, { all: [{ field: 'is_cod', op: 'is', value: true }] }] },
      then: [{ do: 'hold', text: '亏损' }, { do: 'priority', value: 5 }, { do: 'route', supplier: 'x' }, { do: 'tag', value: '急' }],
      stop: true,
    };
    expect(definitionOf(draftOf('亏损', document))).toEqual(document);
  });

  it('moves one place and keeps the others in order', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  });

  it('finds the row that a refusal is about', () => {
    expect(placeOf('when.all.2')).toEqual({ part: 'conditions', row: 2 });
    expect(placeOf('then.0')).toEqual({ part: 'actions', row: 0 });
    expect(placeOf('when')).toEqual({ part: 'conditions', row: -1 });
    expect(placeOf('name')).toBeNull();
  });
});
