import type { ReactNode } from 'react';

/** Rows as cards, for a phone. */
export function Cards<Row>({ rows, idOf, card, open, empty }: {
  rows: readonly Row[]; idOf: (row: Row) => string; card: (row: Row, open: () => void) => ReactNode; open: ((id: string) => void) | undefined; empty: ReactNode;
}) {
  if (rows.length === 0) return <div className="k-cards">{empty}</div>;
  return <div className="k-cards">{rows.map((row) => <div key={idOf(row)} className="k-card">{card(row, () => open?.(idOf(row)))}</div>)}</div>;
}
