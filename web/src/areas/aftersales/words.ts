import { count, yuan } from '@kit/index';

/** ``供应商还欠 ¥21.70，1 单成本未知，2 件过了时限``; nothing is open: everything is explained. */
export function outstandingLine(counts: { outstanding_fen: number; unknown: number; late: number }): string {
  const parts = [counts.outstanding_fen > 0 ? `供应商还欠 ${yuan(counts.outstanding_fen)}` : '供应商没有欠款'];
  if (counts.unknown > 0) parts.push(`${count(counts.unknown)} 单成本未知`);
  if (counts.late > 0) parts.push(`${count(counts.late)} 件过了时限`);
  return parts.join('，');
}
