import type { Detail } from './types';

/** The first rows as we understood them. */
export function FirstRows({ first }: { first: Detail['first'] }) {
  return (
    <div className="i-first">
      <table>
        <thead><tr>{first.columns.map((c) => <th key={c}>{c}</th>)}</tr></thead>
        <tbody>{first.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j} title={cell}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
