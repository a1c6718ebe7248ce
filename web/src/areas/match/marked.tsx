/** A piece of a text: plain, or one that agrees or differs. */
export interface Piece {
  text: string;
  mark: 'agree' | 'differ' | null;
}

/** Cut a text where words stand that agree or differ; longer words first, what differs before what agrees. */
export function cut(text: string, agree: readonly string[], differ: readonly string[]): Piece[] {
  const words = [
    ...differ.map((word) => ({ word, mark: 'differ' as const })),
    ...agree.map((word) => ({ word, mark: 'agree' as const })),
  ].filter((w) => w.word.trim() !== '').sort((a, b) => b.word.length - a.word.length);
  const lower = text.toLowerCase();
  const pieces: Piece[] = [];
  let plain = '';
  for (let at = 0; at < text.length;) {
    const found = words.find((w) => lower.startsWith(w.word.toLowerCase(), at));
    if (!found) {
      plain += text[at] ?? '';
      at += 1;
      continue;
    }
    if (plain) pieces.push({ text: plain, mark: null });
    plain = '';
    pieces.push({ text: text.slice(at, at + found.word.length), mark: found.mark });
    at += found.word.length;
  }
  return plain ? [...pieces, { text: plain, mark: null }] : pieces;
}

/** A text with its agreeing words underlined and its differing ones struck in amber. */
export function Marked({ text, agree, differ }: { text: string; agree: readonly string[]; differ: readonly string[] }) {
  return cut(text, agree, differ).map((piece, i) =>
    piece.mark === null
      ? <span key={i}>{piece.text}</span>
      : <mark key={i} className={`m-${piece.mark}`} title={piece.mark === 'agree' ? '两边一致' : '两边不同'}>{piece.text}</mark>,
  );
}
