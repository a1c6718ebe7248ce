import { Input, Popover, Skeleton } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { del, patch } from '@api/http';
import { useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, EmptyTeach, Failed, Page, Panel, PlatformBadge, Time } from '@kit/index';
import type { Template } from './types';
import './import.css';

const REFRESH = ['/api/import-templates'];

function Named({ template }: { template: Template }) {
  const [name, setName] = useState(template.name);
  const same = name.trim() === template.name || !name.trim();
  return (
    <div className="k-row">
      <Input style={{ width: 260 }} aria-label="模板名称" value={name} maxLength={40} onChange={(e) => setName(e.target.value)} />
      {!same && <ActionButton label="改名" run={() => patch<ActionAnswer>(`/api/import-templates/${template.id}`, { name })} refresh={REFRESH} />}
    </div>
  );
}

function Columns({ template }: { template: Template }) {
  const used = Object.entries(template.columns).filter(([, field]) => field);
  return <Popover content={<ul className="k-reasons">{used.map(([column, field]) => <li key={column}>{column} → {field}</li>)}</ul>}><span className="k-accent">{used.length} 列</span></Popover>;
}

/** Corrections that were remembered: renamed or forgotten here. */
export default function Templates() {
  const { data, isPending, isError, error, refetch } = useApi<Template[]>('/api/import-templates');
  return (
    <Page title="列模板" answer={<>表头相同的文件按模板认列，不再询问。<Link to="/import">回到导入</Link></>}>
      {isError ? <Failed error={error} retry={() => void refetch()} />
        : isPending ? <Skeleton active />
        : data.length === 0 ? <EmptyTeach title="还没有列模板" steps={['导入时改了列，勾选“记住，下次不问”就会出现在这里']} />
        : (
          <Panel flush>
            <table className="i-rejected">
              <thead><tr><th style={{ width: 380 }}>名称</th><th>类型</th><th>平台</th><th>对应</th><th>建立</th><th style={{ width: 80 }} /></tr></thead>
              <tbody>
                {data.map((t) => (
                  <tr key={t.id}>
                    <td><Named template={t} /></td>
                    <td>{t.kind_label}</td>
                    <td>{t.platform ? <PlatformBadge platform={t.platform} /> : <span className="k-faint">—</span>}</td>
                    <td><Columns template={t} /></td>
                    <td><Time at={t.created_at} /></td>
                    <td><ActionButton label="删除" look="link" confirm="以后这种表头的文件会重新询问。" run={() => del<ActionAnswer>(`/api/import-templates/${t.id}`)} refresh={REFRESH} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Panel>
        )}
    </Page>
  );
}
