import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { StateTag, useEnded } from '@kit/index';
import { useAsk } from './use-ask';

/** What came of reading one order, where it was asked for. */
function Outcome({ number, task }: { number: string; task: string }) {
  const ended = useEnded(task);
  if (!ended) return <StateTag tone="doing" label={`正在读订单 ${number}…`} />;
  return (
    <span className="c-outcome">
      <StateTag tone={ended.state === 'done' ? 'done' : 'bad'} label={ended.state === 'done' ? '已读' : '没有读到'} />
      <span>{ended.message}</span>
      {ended.result_to && <Link to={ended.result_to}>看这一单</Link>}
    </span>
  );
}

/** Read one order by its number; the answer stays where the button is. */
export function ReadOne({ id }: { id: string }) {
  const [number, setNumber] = useState('');
  const [open, setOpen] = useState(false);
  const { asked, busy, ask, forget } = useAsk<{ number: string }>(`/api/connections/${id}/read`);
  const read = async () => {
    const wanted = number.trim();
    if (wanted && !busy) await ask({ number: wanted });
  };
  const box = (
    <div className="c-read">
      <div className="c-read-line">
        <Input value={number} placeholder="平台订单号" autoFocus maxLength={64} onChange={(e) => setNumber(e.target.value)} onPressEnter={() => void read()} />
        <Button type="primary" size="small" loading={busy} disabled={!number.trim()} onClick={() => void read()}>读这一单</Button>
      </div>
      {asked && <Outcome key={asked.task} number={asked.question.number} task={asked.task} />}
    </div>
  );
  const turn = (next: boolean) => {
    setOpen(next);
    if (!next) forget();
  };
  return <Popover open={open} onOpenChange={turn} trigger="click" content={box} destroyOnHidden><Button size="small">读一单</Button></Popover>;
}
