import { describe, expect, it } from 'vitest';
import { cut } from './marked';

describe('cut', () => {
  it('marks agreeing and differing words and keeps every letter', () => {
    const pieces = cut('北欧陶瓷花瓶 白色', ['陶瓷', '花瓶'], ['白色']);
    expect(pieces.map((p) => p.text).join('')).toBe('北欧陶瓷花瓶 白色');
    expect(pieces.filter((p) => p.mark === 'agree').map((p) => p.text)).toEqual(['陶瓷', '花瓶']);
    expect(pieces.filter((p) => p.mark === 'differ').map((p) => p.text)).toEqual(['白色']);
  });

  it('takes the longer word where two begin at the same letter, whatever the case', () => {
    expect(cut('350ML杯', ['350', '350ml'], [])).toEqual([{ text: '350ML', mark: 'agree' }, { text: '杯', mark: null }]);
  });

  it('leaves a text without such words whole', () => {
    expect(cut('毛巾', [''], [])).toEqual([{ text: '毛巾', mark: null }]);
  });
});
