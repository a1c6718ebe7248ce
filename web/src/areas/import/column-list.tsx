import { Select } from 'antd';
import { useMemo } from 'react';
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
  const shown = columns.filter((c) => c.column || c.samples.length > 0);
  return (
    <table className="i-columns">
      <thead><tr><th style={{ width: '19%' }}>列</th><th style={{ width: '27%' }}>前三个值</th><th style={{ width: '24%' }}>是什么</th><th style={{ width: '11%' }}>把握</th><th>为什么</th></tr></thead>
      <tbody>
        {shown.map((c) => {
          const said = c.index in draft;
          const field = said ? draft[c.index] : c.field;
          const word = said ? '确定' : c.word;
          return (
            <tr key={c.index} className={c.asked && !said ? 'i-asked' : undefined}>
              <td title={c.column}>{c.column || `第 ${c.index + 1} 列`}</td>
              <td>{c.samples.map((s) => <span key={s} className="i-sample" title={s}>{s}</span>)}</td>
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
              <td className="k-faint k-small">{said ? '由你指定' : c.why}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
