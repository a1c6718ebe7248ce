import { Checkbox } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import { ActionButton, count, feedWords, Panel, Time, to } from '@kit/index';
import type { Parked } from './types';

/** What arrived and could not be read: put aside, the rest went on. */
export function ParkedPanel({ rows, nameOf }: { rows: readonly Parked[]; nameOf: (connection: string) => string }) {
  const may = useMay('connections.edit');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const ids = rows.map((r) => r.id).filter((id) => chosen.has(id));
  const all = ids.length === rows.length;
  const pick = (id: string) => setChosen((before) => {
    const next = new Set(before);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  return (
    <Panel
      flush
      title={`读不懂的（${count(rows.length)}）`}
      extra={may && (
        <span className="k-row">
          <Checkbox checked={all} indeterminate={ids.length > 0 && !all} onChange={() => setChosen(new Set(all ? [] : rows.map((r) => r.id)))}>全选</Checkbox>
          <ActionButton
            label={ids.length > 0 ? `重新处理 ${count(ids.length)} 条` : '重新处理'} why={ids.length === 0 && '先勾选'}
            run={(key) => post('/api/inbox/again', { ids }, { key })} after={() => setChosen(new Set())}
          />
        </span>
      )}
    >
      <div className="st-rows">
        {rows.map((p) => (
          <div key={p.id} className="st-row st-parked">
            {may && <Checkbox checked={chosen.has(p.id)} onChange={() => pick(p.id)} aria-label={`勾选 ${p.object_id}`} />}
            <span className="st-what"><b>{feedWords(p.feed)}</b><span className="k-cut">{nameOf(p.connection_id)}</span></span>
            <div className="st-middle">
              <span>{p.reason}</span>
              <span className="st-about">
                {p.feed.endsWith('orders') && p.object_id
                  ? <Link className="k-digits" to={to('orders', { tab: 'all', numbers: p.object_id })}>{p.object_id}</Link>
                  : <span className="k-digits">{p.object_id || '没有单号'}</span>}
                <span className="k-faint"><Time at={p.created_at} /> 到的，试过 {p.attempts} 次</span>
              </span>
            </div>
          </div>
        ))}
      </div>
    </Panel>
  );
}
