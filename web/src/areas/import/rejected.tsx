import { Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { post } from '@api/http';
import { ActionButton, count, DownloadButton, Panel } from '@kit/index';
import type { Result, RunOut } from './types';

/** Refused rows with what is wrong and what to do: mended in place, or taken home as a file. */
export function RejectedRows({ result }: { result: Result }) {
  const go = useNavigate();
  const [cells, setCells] = useState<Record<number, Record<string, string>>>({});
  const mended = Object.keys(cells).length;
  const change = (row: number, column: string, value: string) => {
    const { [row]: _before, ...others } = cells;
    setCells(value === '' ? others : { ...cells, [row]: { [column]: value } });
  };
  const run = (key: string) => post<RunOut>(`/api/imports/${result.card.id}/mend`, { rows: cells }, { key });
  const errorFile = result.error_file;
  return (
    <Panel
      flush
      title={`${result.card.file}：${count(result.rejected_total)} 行被退回`}
      extra={
        <div className="k-row">
          {errorFile && <DownloadButton path={errorFile} asks={result.error_file_asks} label="下载，改好再导入" />}
          {mended > 0 && <ActionButton look="primary" label={`重新导入改好的 ${mended} 行`} run={run} after={(answer) => void go(`/import?done=${(answer as RunOut).import_ids.join(',')}`)} />}
        </div>
      }
    >
      <table className="i-rejected">
        <thead><tr><th style={{ width: 64 }}>行</th><th style={{ width: 130 }}>列</th><th>原因</th><th>怎么改</th><th style={{ width: 230 }}>改成</th></tr></thead>
        <tbody>
          {result.rejected.map((r) => (
            <tr key={r.row}>
              <td className="k-digits">{r.row}</td>
              <td>{r.column || '—'}</td>
              <td>{r.reason}</td>
              <td className="k-faint">{r.fix}</td>
              <td>{r.mendable && <Input size="small" aria-label={`第 ${r.row} 行 ${r.column} 改成`} placeholder={r.value ? `现在是“${r.value}”` : '填上正确的值'} onChange={(e) => change(r.row, r.column, e.target.value)} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {result.rejected_total > result.rejected.length && <p className="k-list-note">只显示前 {result.rejected.length} 行，全部请下载文件。</p>}
    </Panel>
  );
}
