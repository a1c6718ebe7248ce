import { expect, it } from 'vitest';
import { brokenWords } from './broken-words';

it('names two and counts the rest', () => {
  expect(brokenWords(['甲店：授权已过期'])).toBe('甲店：授权已过期。');
  expect(brokenWords(['甲：授权已过期', '乙：授权被取消', '丙：授权已过期'])).toBe('甲：授权已过期；乙：授权被取消 等 3 个。');
});
