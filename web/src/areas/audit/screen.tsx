import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useLocation } from 'react-router';
import { download } from '@api/files';
import { queries, useApi, useMay } from '@api/queries';
import type { Page as ListAnswer } from '@api/shapes';
import type { components } from '@api/schema';
import { DetailDrawer, Facts, fullTime, ListPage, Page, Panel, Time, useTellError, type FilterField, type ListColumn } from '@kit/index';
import { changesOf } from './changes';

type Row = components['schemas']['AuditOut'];
type Named = { key: string; label: string };

const columns: readonly ListColumn<Row>[] = [
  { key: 'at', title: '时间', width: 110, locked: true, render: (r) => <Time at={r.at} /> },
  { key: 'who', title: '谁', width: 140, render: (r) => <span className="k-cut" title={r.actor}>{r.actor_name || r.actor}</span> },
  { key: 'topic', title: '类别', width: 110, render: (r) => <span className="k-faint">{r.topic}</span> },
  { key: 'what', title: '做了什么', width: 420, render: (r, { open }) => <a className="k-two" onClick={open}>{r.summary}</a> },
  { key: 'reason', title: '原因', width: 180, render: (r) => (r.reason ? <span className="k-two">{r.reason}</span> : <span className="k-faint">—</span>) },
  { key: 'address', title: '地址', width: 130, render: (r) => <span className="k-digits k-faint">{r.address || '—'}</span> },
];

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'text', label: '内容', hint: '做了什么或原因' },
  { kind: 'text', name: 'who', label: '谁', hint: '姓名' },
  { kind: 'source', name: 'topic', label: '类别', path: '/api/audit/topics' },
  { kind: 'dates', name: 'at', label: '时间' },
];

/** Words for keys that stand in an entry's data. */
function useWords(): ReadonlyMap<string, string> {
  const permissions = useApi<Named[]>('/api/permissions', undefined, { staleTime: Number.POSITIVE_INFINITY }).data;
  const settings = useApi<Named[]>('/api/settings', undefined, { staleTime: Number.POSITIVE_INFINITY }).data;
  return useMemo(() => new Map([...(permissions ?? []), ...(settings ?? []), { key: '*', label: '全部权限' }].map((w) => [w.key, w.label])), [permissions, settings]);
}

/** The pages that are on screen hold the row already. */
function rowOf(id: string): Row | undefined {
  const pages = queries.getQueriesData<ListAnswer<Row>>({ predicate: ({ queryKey }) => queryKey[0] === '/api/audit' });
  return pages.flatMap(([, page]) => page?.items ?? []).find((row) => row.id === id);
}

function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const words = useWords();
  const row = rowOf(id);
  if (!row) return <DetailDrawer title="操作" width={520} onClose={onClose}><p className="k-faint">这条记录不在当前这一页，请在列表里找到它再打开。</p></DetailDrawer>;
  const changes = changesOf(row.data, words);
  return (
    <DetailDrawer title={row.summary} width={520} onClose={onClose}>
      <div className="k-stack">
        <Facts items={[
          { label: '时间', value: fullTime(row.at) },
          { label: '谁', value: row.actor_name || row.actor },
          { label: '类别', value: row.topic },
          { label: '从哪里', value: row.address || '—' },
          { label: '原因', value: row.reason || '—', wide: true },
        ]} />
        {changes.length > 0 && (
          <Panel title="改动">
            <Facts items={changes.map((c) => ({ label: c.name, wide: true, value: c.before ? <><span className="k-faint">{c.before}</span> → {c.after}</> : c.after }))} />
          </Panel>
        )}
      </div>
    </DetailDrawer>
  );
}

function Export() {
  const { search } = useLocation();
  const [busy, setBusy] = useState(false);
  const tell = useTellError();
  const save = () => {
    const asked = new URLSearchParams(search);
    const body = Object.fromEntries(['text', 'who', 'topic', 'at_from', 'at_to'].flatMap((k) => (asked.get(k) ? [[k, asked.get(k)]] : [])));
    setBusy(true);
    download('/api/audit/export', { body, name: '操作日志.xlsx' }).catch(tell).finally(() => setBusy(false));
  };
  return <Button icon={<DownloadOutlined />} loading={busy} onClick={save}>导出</Button>;
}

export default function Log() {
  const mayExport = useMay('orders.export');
  return (
    <Page title="操作日志" answer="谁在什么时候做了什么；记录只增不改，没有人能删。" actions={mayExport && <Export />} fill>
      <ListPage<Row>
        name="audit"
        path="/api/audit"
        columns={columns}
        fields={fields}
        empty={{ title: '还没有操作', steps: ['登录、改设置、派单、打开隐私信息都会记在这里'] }}
        detail={(id, close) => <Detail id={id} onClose={close} />}
      />
    </Page>
  );
}
