import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { refresh } from '@api/queries';
import { StateTag, useEnded, useTellError } from '@kit/index';
import { REFRESH, type ReadSaid } from './types';

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
  const [asked, setAsked] = useState<{ number: string; task: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const tell = useTellError();
  const read = async () => {
    const wanted = number.trim();
    if (!wanted || busy) return;
    setBusy(true);
    try {
      const said = await post<ReadSaid>(`/api/connections/${id}/read`, { number: wanted });
      setAsked(said.task_id ? { number: wanted, task: said.task_id } : null);
      await refresh(...REFRESH, '/api/tasks');
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  const box = (
    <div className="c-read">
      <div className="c-read-line">
        <Input value={number} placeholder="平台订单号" autoFocus maxLength={64} onChange={(e) => setNumber(e.target.value)} onPressEnter={() => void read()} />
        <Button type="primary" size="small" loading={busy} disabled={!number.trim()} onClick={() => void read()}>读这一单</Button>
      </div>
      {asked && <Outcome key={asked.task} number={asked.number} task={asked.task} />}
    </div>
  );
  const turn = (next: boolean) => {
    setOpen(next);
    if (!next) setAsked(null);
  };
  return <Popover open={open} onOpenChange={turn} trigger="click" content={box} destroyOnHidden><Button size="small">读一单</Button></Popover>;
}
