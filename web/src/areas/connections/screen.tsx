import { Alert, Skeleton } from 'antd';
import { useSearchParams } from 'react-router';
import { useApi } from '@api/queries';
import { EmptyTeach, Failed, isBroken, Page } from '@kit/index';
import { Company } from './company';
import { Logs } from './logs';
import { DESK, type Desk, type Shop } from './types';
import { summary } from './words';
import './connections.css';

/** What came back from the other company's page. */
function Returned({ done, failed, onClose }: { done: string | null; failed: string | null; onClose: () => void }) {
  if (failed) return <Alert type="error" showIcon closable={{ onClose }} title={`${failed}${/[。！]$/.test(failed) ? '' : '。'}原来的授权没有变，可以再点一次“授权”。`} />;
  if (done) return <Alert type="success" showIcon closable={{ onClose }} title={done} />;
  return null;
}

/** 授权: which accounts elsewhere are connected, how they fare, and what to do about it. */
export default function Connections() {
  const [params, setParams] = useSearchParams();
  const { data, error, refetch } = useApi<Desk>(DESK, undefined, { every: 10_000 });
  const shops = useApi<{ items: Shop[] }>('/api/shop-list').data?.items ?? [];
  const change = (names: Record<string, string | null>, replace = true) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [k, v] of Object.entries(names)) if (v === null) next.delete(k); else next.set(k, v);
      return next;
    }, { replace });
  const broken = data?.connections.filter(isBroken).length ?? 0;
  const opened = data?.connections.find((c) => c.id === params.get('open'));
  const answer = data && (
    broken > 0 ? <span className="k-red">{broken} 个授权失效，点“重新授权”</span>
      : data.connections.length > 0 ? summary(data.connections) : '接上以后，订单自动进来、自动下单、发货自动回传'
  );
  return (
    <Page title="授权" answer={answer}>
      <Returned done={params.get('done')} failed={params.get('failed')} onClose={() => change({ done: null, failed: null })} />
      {error && !data && <Failed error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton active paragraph={{ rows: 10 }} />}
      {data && data.cards.length === 0 && <EmptyTeach title="还没有能用接口连接的平台" steps={['导入订单文件照常用', '升级到带平台接口的版本后，这里会列出每个平台']} />}
      {data?.cards.map((card) => (
        <Company
          key={card.key}
          card={card}
          apps={data.applications.filter((a) => a.platform === card.key)}
          rows={data.connections.filter((c) => c.platform === card.key)}
          shops={shops}
          onLogs={(id) => change({ open: id })}
        />
      ))}
      {opened && <Logs key={opened.id} row={opened} tab={params.get('tab') ?? 'pulls'} onTab={(tab) => change({ tab })} onClose={() => change({ open: null, tab: null })} />}
    </Page>
  );
}
