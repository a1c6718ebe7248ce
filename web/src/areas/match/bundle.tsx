import { DeleteOutlined } from '@ant-design/icons';
import { Button, Drawer, InputNumber, Select } from 'antd';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { useApi } from '@api/queries';
import { MATCH, type Part, type Sku } from './types';

export interface BundleProps {
  listing: { title: string; spec: string };
  /** What it is taken for now. */
  start?: readonly Part[];
  /** Pieces that the words of the listing tell. */
  pack?: number;
  title?: string;
  verb?: string;
  save: (parts: Part[]) => void;
  /** Beside the saving, at the left. */
  others?: ReactNode;
  /** Above the search. */
  children?: ReactNode;
  close: () => void;
  busy: boolean;
}

/** Find our SKUs and say how many of each one piece of the listing holds: one other SKU, a multipack, or a bundle. */
export function Bundle({ listing, start = [], pack = 1, title = '选规格 / 组合', verb = '匹配', save, others, children, close, busy }: BundleProps) {
  const [text, setText] = useState('');
  const [parts, setParts] = useState<readonly Part[]>(start);
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
      title={title}
      size="min(560px, 100vw)"
      rootClassName="k-drawer"
      onClose={close}
      footer={<div className="k-row k-end">{others}<span className="k-grow" /><Button onClick={close}>不了</Button><Button type="primary" loading={busy} disabled={parts.length === 0} onClick={() => save([...parts])}>{verb}</Button></div>}
    >
      <p className="k-gap">{listing.title} <span className="k-faint">{listing.spec}</span></p>
      {children}
      <Select
        showSearch={{ filterOption: false, searchValue: text, onSearch: setText }}
        autoFocus
        defaultOpen={start.length === 0}
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
