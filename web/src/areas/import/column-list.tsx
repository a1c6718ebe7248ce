import { Button, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useApi } from '@api/queries';
import { StateTag, type Tone } from '@kit/index';
import type { Column, FieldInfo } from './types';

export type Draft = Record<number, string | null>;

const TONES: Record<string, Tone> = { 确定: 'done', 较可能: 'todo', 请确认: 'warn' };
const NONE = '';

interface ColumnListProps {
  columns: readonly Column[];
  kind: string;
  draft: Draft;
  change: (index: number, field: string | null) => void;
}

/** Left the file's columns with three samples, right our field and how sure we are; doubtful ones stand first. */
export function ColumnList({ columns, kind, draft, change }: ColumnListProps) {
  const fields = useApi<FieldInfo[]>('/api/import-fields', { kind }, { staleTime: Number.POSITIVE_INFINITY }).data;
  const options = useMemo(() => [
    { value: NONE, label: '原样保留，不使用', search: '不使用 保留' },
    ...(fields ?? []).map((f) => ({ value: f.field, label: f.label, search: `${f.label} ${f.meaning}` })),
  ], [fields]);
  const [all, setAll] = useState(false);
  const there = columns.filter((c) => c.column || c.samples.length > 0);
  const matters = there.filter((c) => c.asked || c.field || c.index in draft);
  const kept = there.length - matters.length;
  const shown = all || matters.length === 0 ? [...matters, ...there.filter((c) => !matters.includes(c))] : matters;
  return (
    <>
    <table className="i-columns">
      <thead><tr><th style={{ width: '16%' }}>列</th><th style={{ width: '33%' }}>前三个值</th><th style={{ width: '21%' }}>是什么</th><th style={{ width: '9%' }}>把握</th><th>为什么</th></tr></thead>
      <tbody>
        {shown.map((c) => {
          const said = c.index in draft;
          const field = said ? draft[c.index] : c.field;
          const word = said ? '确定' : c.word;
          return (
            <tr key={c.index} className={c.asked && !said ? 'i-asked' : undefined}>
              <td title={c.column}>{c.column || `第 ${c.index + 1} 列`}</td>
              <td><span className="i-sample" title={c.samples.join('\n')}>{c.samples.join(' ｜ ')}</span></td>
              <td>
                <Select
                  style={{ width: '100%' }}
                  aria-label={`${c.column} 是什么`}
                  value={field ?? NONE}
                  options={options}
                  showSearch={{ optionFilterProp: 'search' }}
                  onChange={(value: string) => change(c.index, value || null)}
                />
              </td>
              <td>{word && field ? <StateTag tone={TONES[word] ?? 'off'} label={word} /> : <span className="k-faint">—</span>}</td>
              <td className="k-faint k-small k-cell-cut" title={c.why}>{said ? '由您指定' : c.why}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
    {kept > 0 && !all && matters.length > 0 && <Button type="link" onClick={() => setAll(true)}>还有 {kept} 列原样保留，展开看看</Button>}
    </>
  );
}
