import { Button, Modal, Segmented, Skeleton, Tooltip } from 'antd';
import { useState } from 'react';
import { patch } from '@api/http';
import { useApi, useMay } from '@api/queries';
import { count, Failed, useAct } from '@kit/index';
import { REFRESH, type DryRun, type Shop } from './types';
import { dryRunWords } from './words';

const DIALS = [{ value: 'manual', label: '手动' }, { value: 'suggest', label: '建议' }, { value: 'automatic', label: '自动' }];
const MEANS: Record<string, string> = { manual: '每一批都由您点“派单”', suggest: '系统备好方案，您看过再派', automatic: '没有异常的单自动派、自动下单' };

/** What "automatic" would do now: shown before it is turned on. */
function Trial({ shop, onTurn, onClose }: { shop: Shop; onTurn: (() => void) | null; onClose: () => void }) {
  const { data, error, refetch } = useApi<DryRun>(`/api/shops/${shop.id}/dry-run`, undefined, { staleTime: 0 });
  return (
    <Modal
      open
      title={`试算：${shop.name} 开自动以后`}
      onCancel={onClose}
      footer={[
        <Button key="no" onClick={onClose}>{onTurn ? '不了' : '关闭'}</Button>,
        onTurn && <Button key="yes" type="primary" disabled={!data} onClick={onTurn}>开自动</Button>,
      ]}
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : !data ? <Skeleton active paragraph={{ rows: 3 }} title={false} /> : (
        <div className="k-stack">
          <p className="c-trial">{dryRunWords(data)}</p>
          {data.stays.length > 0 && <ul className="c-stays">{data.stays.map(([why, n]) => <li key={why}><b className="k-digits">{count(n)}</b> 单 {why || '没有说明'}</li>)}</ul>}
          {data.by_supplier.length > 0 && <p className="k-faint">{data.by_supplier.map(([name, n]) => `${name} ${count(n)} 张`).join(' · ')}</p>}
          <p className="k-faint k-small">只是算一遍，什么都没有买。有异常、毛利不够、超过每日花费上限的单永远等人。</p>
        </div>
      )}
    </Modal>
  );
}

/** How much happens by itself in a shop; "automatic" only after a look at what it would do. */
export function Dial({ shop }: { shop: Shop }) {
  const may = useMay('shops.edit');
  const { act, busy } = useAct();
  const [trial, setTrial] = useState<'turn' | 'look' | null>(null);
  const turn = (dial: string) =>
    void act(async (key) => void (await patch(`/api/shops/${shop.id}`, { version: shop.version, values: { dial } }, { key })), {
      done: `${shop.name}：${MEANS[dial] ?? dial}`, refresh: REFRESH, after: () => setTrial(null),
    });
  const pick = (dial: string) => (dial === 'automatic' ? setTrial('turn') : turn(dial));
  return (
    <span className="c-dial">
      <Tooltip title={MEANS[shop.dial]}><Segmented size="small" options={DIALS} value={shop.dial} disabled={!may || busy} onChange={pick} /></Tooltip>
      <Button type="link" size="small" onClick={() => setTrial('look')}>试算</Button>
      {trial && <Trial shop={shop} onTurn={may && shop.dial !== 'automatic' ? () => turn('automatic') : null} onClose={() => setTrial(null)} />}
    </span>
  );
}
