const SHOWN = 2;

/** The first reasons, and how many more: one line on every screen. */
export function brokenWords(reasons: readonly string[]): string {
  const rest = reasons.length - SHOWN;
  return `${reasons.slice(0, SHOWN).join('；')}${rest > 0 ? ` 等 ${reasons.length} 个` : ''}。`;
}
