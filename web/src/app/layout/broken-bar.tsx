import { WarningFilled } from '@ant-design/icons';
import { Link } from 'react-router';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import { count } from '@kit/format';
import { paths } from '@kit/paths';
import { brokenWords } from './broken-words';

type Broken = components['schemas']['ConnectionCount'];

/** On every screen while an authorisation is gone: what stopped, and the way to mend it. */
export function BrokenBar({ here }: { here: string }) {
  const { data } = useApi<Broken>('/api/connections/broken', undefined, { every: 30_000 });
  const may = useMay('connections.view');
  if (!data || data.broken === 0) return null;
  return (
    <div className="k-broken" role="alert">
      <WarningFilled />
      <span className="k-broken-text" title={data.reasons.join('；')}>
        <b>{count(data.broken)} 个授权失效</b>：{brokenWords(data.reasons)}<span>{data.stops}</span>
      </span>
      {may ? here !== paths.connections && <Link to={paths.connections} className="k-broken-go">去处理</Link> : <span>请店主处理</span>}
    </div>
  );
}
