/** A sheet as the supplier will open it. */
export function SheetTable({ titles, header, rows }: { titles: readonly (readonly string[])[]; header: readonly string[]; rows: readonly (readonly string[])[] }) {
  return (
    <div className="s-sheet">
      <table>
        <thead>
          {titles.map((t, i) => <tr key={i}><td colSpan={header.length}>{t.join(' ')}</td></tr>)}
          <tr>{header.map((h, i) => <th key={i}>{h}</th>)}</tr>
        </thead>
        <tbody>{rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}>{cell}</td>)}</tr>)}</tbody>
      </table>
      {rows.length === 0 && <p className="k-faint">现在没有待发的采购单，表里只有表头。</p>}
    </div>
  );
}
