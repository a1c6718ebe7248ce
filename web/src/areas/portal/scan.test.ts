import { BarcodeFormat, QRCodeWriter } from '@zxing/library';
import { describe, expect, it } from 'vitest';
import { readBars, type Picture } from './bars';
import { cameraFailed, whyNoCamera } from './camera';
import { hasLine, nextParcel, numberIn, standsIn, withLine } from './waybill';

// Code 128 by its own table (ISO/IEC 15417), set B: widths of bars and spaces by value.
const WIDTHS = (
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 ' +
  '321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 ' +
  '231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 ' +
  '241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 ' +
  '114131 311141 411131 211412 211214 211232 2331112'
).split(' ');

function modules(text: string): boolean[] {
  const values = [...text].map((c) => c.charCodeAt(0) - 32);
  const check = values.reduce((sum, value, i) => sum + value * (i + 1), 104) % 103;
  return [104, ...values, check, 106].flatMap((value) => [...(WIDTHS[value] ?? '')].flatMap((w, i) => Array<boolean>(Number(w)).fill(i % 2 === 0)));
}

/** A waybill as a camera sees it: not quite white, not quite black, with noise. */
function picture(dark: (x: number, y: number) => boolean, width: number, height: number): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  let seed = 7;
  for (let i = 0; i < width * height; i += 1) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const light = (dark(i % width, Math.floor(i / width)) ? 45 : 205) + (seed % 30);
    data.set([light, light, light - 10, 255], i * 4);
  }
  return { data, width, height };
}

function bars(text: string): Picture {
  const row = modules(text);
  const scale = 3;
  const [left, width] = [60, row.length * scale + 120];
  return picture((x, y) => y > 80 && y < 260 && row[Math.floor((x - left) / scale)] === true && x >= left, width, 340);
}

describe('what the camera sees', () => {
  it('is read off a Code 128', () => {
    expect(readBars(bars('YT8812345678901'))).toBe('YT8812345678901');
    expect(readBars(bars('73123456789012'))).toBe('73123456789012');
  });
  it('is read upside down', () => {
    const right = bars('SF1234567890123');
    const turned = picture((x, y) => (right.data[((right.height - 1 - y) * right.width + (right.width - 1 - x)) * 4] ?? 255) < 128, right.width, right.height);
    expect(readBars(turned)).toBe('SF1234567890123');
  });
  it('is read off a QR code', () => {
    const matrix = new QRCodeWriter().encode('JD0123456789012', BarcodeFormat.QR_CODE, 240, 240, new Map());
    expect(readBars(picture((x, y) => matrix.get(x, y), 240, 240))).toBe('JD0123456789012');
  });
  it('is nothing on an empty table', () => {
    expect(readBars(picture(() => false, 320, 240))).toBeNull();
  });
});

describe('the tracking number in a code', () => {
  it('is the text, or the only number in it', () => {
    expect(numberIn(' yt8812345678901 ')).toBe('YT8812345678901');
    expect(numberIn('https://example.com/q?no=SF1234567890123&t=1')).toBe('SF1234567890123');
  });
  it('is none where there are two, or none at all', () => {
    expect(numberIn('https://example.com/SF1234567890123/13800001111')).toBeNull();
    expect(numberIn('https://example.com/shop')).toBeNull();
    expect(numberIn('12345')).toBeNull();
  });
});

describe('one waybill after the other', () => {
  const parcels = ['P1', 'P2', 'P3'].map((number) => ({ number, name: '' }));
  it('goes to the parcel whose turn it is, and on to the next without a number', () => {
    const one = withLine('', 'P2', 'YT1');
    expect(one).toBe('P2 YT1\n');
    expect([hasLine(one, 'P2'), hasLine(one, 'P1'), standsIn(one, 'YT1')]).toEqual([true, false, true]);
    expect(nextParcel(parcels, one, 'P2')).toBe('P3');
    const two = withLine(one, 'P3', 'YT2');
    expect(two).toBe('P2 YT1\nP3 YT2\n');
    expect(nextParcel(parcels, two, 'P3')).toBe('P1');
    expect(nextParcel(parcels, withLine(two, 'P1', 'YT3'), 'P1')).toBeNull();
  });
});

describe('why there is no scanning', () => {
  it('is said in words', () => {
    const devices = { getUserMedia: () => Promise.reject(new Error()) };
    expect(whyNoCamera(true, devices)).toBeNull();
    expect(whyNoCamera(false, devices)).toContain('https');
    expect(whyNoCamera(true, undefined)).toContain('手动填单号');
    expect(cameraFailed(Object.assign(new Error(), { name: 'NotAllowedError' }))).toContain('允许');
    expect(cameraFailed('?')).toContain('再试一次');
  });
});
