import { afterEach, describe, expect, it, vi } from 'vitest';
import { linkText } from './copy-link';
import { copyText } from './copyable';

/** A page whose clipboards answer as told. */
function page(clipboard: (() => Promise<void>) | null, command: boolean): void {
  vi.stubGlobal('navigator', clipboard ? { clipboard: { writeText: clipboard } } : {});
  const box = { value: '', select: () => undefined, remove: () => undefined };
  vi.stubGlobal('document', { createElement: () => box, body: { append: () => undefined }, execCommand: () => command });
}
const refuse = () => Promise.reject(new Error('no'));

describe('copying a link', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('says whose each of several is', () => {
    expect(linkText('https://a', [{ path: '/s/1' }])).toBe('https://a/s/1');
    expect(linkText('https://a', [{ path: '/s/1', supplier: '甲' }, { path: '/s/2', supplier: '乙' }])).toBe('甲：https://a/s/1\n乙：https://a/s/2');
  });

  it('takes the other way where one is refused, and rejects where both are', async () => {
    page(() => Promise.resolve(), false);
    await expect(copyText('x')).resolves.toBeUndefined();
    page(refuse, true);
    await expect(copyText('x')).resolves.toBeUndefined();
    page(null, false);
    await expect(copyText('x')).rejects.toThrow();
    page(refuse, false);
    await expect(copyText('x')).rejects.toThrow();
  });
});
