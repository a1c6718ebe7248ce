import { DeleteOutlined, StarOutlined } from '@ant-design/icons';
import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { usePreference } from '../preferences';

interface Saved {
  name: string;
  filters: Record<string, string>;
}

export interface SavedFiltersProps {
  name: string;
  filters: Readonly<Record<string, string>>;
  apply: (filters: Record<string, string>) => void;
}

/** A person's own named filters of this list. */
export function SavedFilters({ name, filters, apply }: SavedFiltersProps) {
  const [stored, store] = usePreference<Saved[]>(`filters.${name}`);
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState('');
  const saved = stored ?? [];
  const empty = Object.keys(filters).length === 0;
  const save = () => {
    const wanted = title.trim();
    if (!wanted || empty) return;
    store([...saved.filter((s) => s.name !== wanted), { name: wanted, filters: { ...filters } }]);
    setTitle('');
  };
  const content = (
    <div className="k-saved">
      {saved.length === 0 && <p className="k-faint">还没有常用筛选。先查出想要的，再起个名字存下来。</p>}
      {saved.map((s) => (
        <div key={s.name} className="k-saved-row">
          <a className="k-cut" onClick={() => { apply(s.filters); setOpen(false); }}>{s.name}</a>
          <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`删除 ${s.name}`} onClick={() => store(saved.filter((x) => x !== s))} />
        </div>
      ))}
      <Input.Search
        placeholder={empty ? '先设好筛选条件' : '给当前条件起名'}
        disabled={empty}
        maxLength={20}
        value={title}
        onChange={(e) => setTitle(e.target.value)}
        onSearch={save}
        enterButton="存下"
      />
    </div>
  );
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomRight" content={content}>
      <Button type="text" icon={<StarOutlined />}>常用{saved.length > 0 && ` ${saved.length}`}</Button>
    </Popover>
  );
}
