import { DeleteOutlined } from '@ant-design/icons';
import { Button, Drawer, InputNumber, Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useApi } from '@api/queries';
import { MATCH, type Sku, type Waiting } from './types';

export interface Part { sku: Sku; quantity: number }

/** Find our SKUs and say how many of each one piece of the listing holds: one other SKU, a multipack, or a bundle. */
export function Bundle({ waiting, pack, save, close, busy }: { waiting: Waiting; pack: number; save: (parts: Part[]) => void; close: () => void; busy: boolean }) {
  const [text, setText] = useState('');
  const [parts, setParts] = useState<Part[]>([]);
  const asked = useDeferredValue(text.trim());
  const found = useApi<{ items: Sku[] }>(asked ? `${MATCH}/skus` : null, { text: asked }, { keep: true });
  const items = found.data?.items ?? [];
  const add = (id: string) => {
    const sku = items.find((s) => s.id === id);
    if (sku && parts.every((p) => p.sku.id !== id)) setParts([...parts, { sku, quantity: parts.length === 0 ? pack : 1 }]);
    setText('');
  };
  return (
    <Drawer
      open
      title="选规格 / 组合"
      size="min(560px, 100vw)"
      rootClassName="k-drawer"
      onClose={close}
      footer={<div className="k-row k-end"><Button onClick={close}>不了</Button><Button type="primary" loading={busy} disabled={parts.length === 0} onClick={() => save(parts)}>匹配</Button></div>}
    >
      <p className="k-gap">{waiting.title} <span className="k-faint">{waiting.spec}</span></p>
      <Select
        showSearch={{ filterOption: false, searchValue: text, onSearch: setText }}
        autoFocus
        defaultOpen
        value={null}
        placeholder="编码、名称或规格"
        className="m-search"
        loading={found.isFetching}
        notFoundContent={asked && !found.isFetching ? '没有找到，换个词，或用“新增规格”' : null}
        options={items.map((s) => ({ value: s.id, label: `${s.code}　${s.title} ${s.spec}` }))}
        onChange={(id: string | null) => id && add(id)}
      />
      {parts.map((p, i) => (
        <div key={p.sku.id} className="m-row">
          <span className="k-grow"><b className="k-digits">{p.sku.code}</b> {p.sku.title} {p.sku.spec}</span>
          <InputNumber size="small" min={1} max={999} value={p.quantity} suffix="件" onChange={(n) => setParts(parts.map((x, j) => (i === j ? { ...x, quantity: n ?? 1 } : x)))} />
          <Button type="text" size="small" icon={<DeleteOutlined />} aria-label="去掉" onClick={() => setParts(parts.filter((_, j) => j !== i))} />
        </div>
      ))}
      <p className="k-small k-faint">每卖出一件这个链接，就要发上面这些。多选几个就是组合。</p>
    </Drawer>
  );
}
