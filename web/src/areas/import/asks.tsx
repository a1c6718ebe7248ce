import { AutoComplete, Button, DatePicker, Input, Space } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { post } from '@api/http';
import { serverNow } from '@api/server-clock';
import { itemsOf, useApi } from '@api/queries';
import { useAct } from '@kit/index';
import { ShopChoice } from './shop-choice';
import type { Card, Correction } from './types';

/** Say something about a file; it is read again at once and the cards are drawn anew. */
export function useCorrect(id: string): { correct: (said: Correction) => Promise<boolean>; busy: boolean } {
  const { act, busy } = useAct();
  const correct = (said: Correction) =>
    act(async (key) => void (await post(`/api/imports/${id}/correct`, said, { key })), { refresh: ['/api/imports', '/api/shop', '/api/import-templates'] });
  return { correct, busy };
}

function Password({ card }: { card: Card }) {
  const { correct, busy } = useCorrect(card.id);
  const [password, setPassword] = useState('');
  const open = () => password && void correct({ password });
  return (
    <Space.Compact className="i-control">
      <Input.Password autoComplete="off" placeholder="文件的打开密码" value={password} onChange={(e) => setPassword(e.target.value)} onPressEnter={open} />
      <Button type="primary" loading={busy} disabled={!password} onClick={open}>打开</Button>
    </Space.Compact>
  );
}

function Supplier({ card }: { card: Card }) {
  const { correct, busy } = useCorrect(card.id);
  const [name, setName] = useState('');
  const known = itemsOf(useApi<{ items: { id: string; name: string }[] }>('/api/suppliers').data);
  return (
    <Space.Compact className="i-control">
      <AutoComplete
        style={{ width: '100%' }}
        placeholder="供应商名称，可以是新的"
        options={known.map((s) => ({ value: s.name }))}
        showSearch={{ filterOption: (text, option) => String(option?.value ?? '').includes(text) }}
        value={name}
        onChange={setName}
      />
      <Button type="primary" loading={busy} disabled={!name.trim()} onClick={() => void correct({ supplier: name.trim() })}>就是它</Button>
    </Space.Compact>
  );
}

function AsOf({ card }: { card: Card }) {
  const { correct, busy } = useCorrect(card.id);
  const [at, setAt] = useState<Dayjs | null>(null);
  return (
    <Space.Compact className="i-control">
      <DatePicker showTime={{ format: 'HH:mm' }} format="MM-DD HH:mm" placeholder="导出时间" value={at} onChange={setAt} />
      <Button loading={busy} type="primary" onClick={() => void correct({ as_of: (at ?? dayjs(serverNow())).toISOString() })}>{at ? '就是这时' : '刚导出的'}</Button>
    </Space.Compact>
  );
}

/** The one control that a file needs next. */
export function Ask({ card, onOpen }: { card: Card; onOpen: () => void }) {
  if (card.state === 'password') return <Password card={card} />;
  if (card.state !== 'waiting') return null;
  if (card.kind === null || card.asked > 0) return <Button type="primary" ghost onClick={onOpen}>{card.kind === null ? '告诉我是什么' : `确认 ${card.asked} 列`}</Button>;
  if (card.needs_shop && (!card.shop || (card.platform !== null && card.shop.platform !== card.platform))) return <ShopChoice card={card} />;
  if (card.needs_supplier) return <Supplier card={card} />;
  if (card.as_of_asked && !card.as_of) return <AsOf card={card} />;
  return null;
}
