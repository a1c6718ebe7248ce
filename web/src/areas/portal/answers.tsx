import { Button, Input } from 'antd';
import { useState } from 'react';
import type { Answer } from './portal';
import type { Line } from './lines';

/** 接单 / 缺货 / 有问题 for some lines; a problem asks for its reason. */
export function Answers({ lines, answer }: { lines: readonly Line[]; answer: Answer }) {
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState('');
  const open = lines.filter((x) => x.state === 'open');
  const live = lines.filter((x) => x.state === 'open' || x.state === 'accepted');
  if (live.length === 0) return null;
  if (asking) {
    return (
      <div className="v-row">
        <Input value={why} onChange={(e) => setWhy(e.target.value)} placeholder="什么问题？商家会看到" autoFocus />
        <Button type="primary" danger disabled={!why.trim()} onClick={() => void answer(live, 'refused', why).then(() => setAsking(false))}>拒单</Button>
        <Button onClick={() => setAsking(false)}>不了</Button>
      </div>
    );
  }
  return (
    <div className="v-row">
      {open.length > 0 && <Button type="primary" onClick={() => void answer(open, 'accepted')}>接单</Button>}
      <Button onClick={() => void answer(live, 'out_of_stock')}>缺货</Button>
      <Button onClick={() => setAsking(true)}>有问题</Button>
    </div>
  );
}
