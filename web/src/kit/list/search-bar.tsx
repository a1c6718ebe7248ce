import { DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Field } from './filter-field';
import { SavedFilters } from './saved-filters';
import type { FilterField } from './types';

export interface SearchBarProps {
  name: string;
  fields: readonly FilterField[];
  /** How many fields stand there before 展开. */
  quick: number;
  filters: Readonly<Record<string, string>>;
  apply: (filters: Record<string, string>) => void;
}

const wordsOf = (field: FilterField): string[] =>
  field.kind === 'dates'
    ? [`${field.name}_from`, `${field.name}_to`]
    : field.kind === 'money'
      ? [`${field.name}_min_fen`, `${field.name}_max_fen`]
      : [field.name];

const without = (values: Record<string, string>) => Object.fromEntries(Object.entries(values).filter(([, v]) => v !== ''));

/** Zone one: what to look for. Choosing searches at once, typing on Enter or 查询. */
export function SearchBar({ name, fields, quick, filters, apply }: SearchBarProps) {
  const [draft, setDraft] = useState<Record<string, string>>({ ...filters });
  const [all, setAll] = useState(() => fields.slice(quick).some((f) => wordsOf(f).some((w) => filters[w])));
  const applied = JSON.stringify(filters);
  useEffect(() => setDraft(JSON.parse(applied) as Record<string, string>), [applied]);
  const change = (values: Record<string, string>, search: boolean) => {
    const next = { ...draft, ...values };
    setDraft(next);
    if (search) apply(without(next));
  };
  const search = () => apply(without(draft));
  const shown = all ? fields : fields.slice(0, quick);
  return (
    <div className="k-search" role="search">
      <div className="k-fields">
        {shown.map((field) => <Field key={field.name} field={field} values={draft} change={change} search={search} />)}
      </div>
      <div className="k-row k-search-acts">
        <Button type="primary" ghost onClick={search}>查询</Button>
        <Button onClick={() => apply({})}>重置</Button>
        {fields.length > quick && (
          <Button type="link" onClick={() => setAll(!all)} icon={all ? <UpOutlined /> : <DownOutlined />} iconPlacement="end">
            {all ? '收起' : '展开'}
          </Button>
        )}
        <SavedFilters name={name} filters={filters} apply={apply} />
      </div>
    </div>
  );
}
