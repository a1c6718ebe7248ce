import { HistoryOutlined, TableOutlined } from '@ant-design/icons';
import { Button, Dropdown, Progress, Skeleton } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { download } from '@api/files';
import { useApi } from '@api/queries';
import { ACCEPTED, ActionButton, DropZone, EmptyTeach, Failed, MAIN_KEY, Page, sendFiles, useTellError, useWaitingFiles } from '@kit/index';
import type { components } from '@api/schema';
import { FileCard } from './card';
import { ColumnsDrawer } from './columns-drawer';
import { useDropped } from './dropped';
import { resultOf, runImports } from './run';
import { isMoving, type KindInfo, type RunOut } from './types';
import './import.css';

type OpenImports = components['schemas']['OpenImports'];

const BUSY_MS = 800;
const CALM_MS = 20_000;

function useUploads(sent: (ids: readonly string[]) => void): { send: (files: File[]) => void; share: number | null } {
  const tell = useTellError();
  const [share, setShare] = useState<number | null>(null);
  const send = useCallback((files: File[]) => {
    setShare(0);
    void sendFiles(files, tell, { onProgress: setShare }).then(sent).finally(() => setShare(null));
  }, [tell, sent]);
  const waiting = useWaitingFiles();
  const count = waiting.files.length;
  useEffect(() => {
    if (count > 0) send(waiting.take());
    // Only newly dropped files are news.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [count]);
  return { send, share };
}

function Blanks() {
  const tell = useTellError();
  const kinds = (useApi<KindInfo[]>('/api/import-kinds', undefined, { staleTime: Number.POSITIVE_INFINITY }).data ?? []).filter((k) => k.blank);
  return (
    <Dropdown menu={{ items: kinds.map((k) => ({ key: k.key, label: `${k.label}模板` })), onClick: ({ key }) => void download(`/api/import-blanks/${key}`).catch(tell) }}>
      <Button type="text" icon={<TableOutlined />}>空白模板</Button>
    </Dropdown>
  );
}

/** Files on the table; one button imports all that are ready. */
export function Desk() {
  const open = useApi<OpenImports>('/api/imports/open', undefined, {
    every: (seen) => (seen?.items.some((c) => isMoving(c.state)) ? BUSY_MS : CALM_MS),
  });
  const { watch, why } = useDropped(open.data?.items);
  const { send, share } = useUploads(watch);
  const [shown, setShown] = useState<string | null>(null);
  const go = useNavigate();
  const cards = open.data?.items ?? [];
  const ready = cards.filter((c) => c.ready);
  const asks = cards.filter((c) => !c.ready && !isMoving(c.state));
  const moving = cards.filter((c) => isMoving(c.state));
  const run = (key: string) => runImports(ready.map((c) => c.id), key);
  const toResult = (answer: unknown) => void go(resultOf(answer as RunOut));
  const shut = useCallback(() => setShown(null), []);
  return (
    <Page
      title="导入"
      answer={cards.length === 0 ? '把平台导出的文件拖进来，不用选是哪个平台' : (
        <>{ready.length > 0 && <><b>{ready.length}</b> 个可直接导入</>}{asks.length > 0 && <span className="k-amber"> · <b>{asks.length}</b> 个要看一下</span>}{moving.length > 0 && <> · {moving.length} 个处理中</>}</>
      )}
      actions={
        <>
          <Blanks />
          <Link to="/import/templates"><Button type="text">列模板</Button></Link>
          <Link to="/import/history"><Button type="text" icon={<HistoryOutlined />}>导入记录</Button></Link>
          <ActionButton
            label={ready.length > 0 ? `导入 ${ready.length} 个文件` : '导入'}
            look="primary"
            hotkey={MAIN_KEY}
            why={ready.length === 0 && (cards.length === 0 ? '先把文件拖进来' : '没有可以直接导入的文件，请先看一下要确认的')}
            run={run}
            after={toResult}
          />
        </>
      }
    >
      <DropZone
        title={cards.length > 0 ? '继续拖文件进来' : '把文件拖到这里，或点一下选择'}
        hint="订单、售后、收件人、商品、供应商报价都行；xlsx、xls、csv、zip，一次可以很多个"
        accept={ACCEPTED}
        small={cards.length > 0}
        onFiles={send}
        veil="松手，开始识别"
      />
      {share !== null && <Progress percent={Math.round(share * 100)} size="small" status="active" />}
      {why && ready.length > 0 && <p className="k-amber k-small">没有直接导入，请看过再点“导入”。{why}</p>}
      {open.isError ? <Failed error={open.error} retry={() => void open.refetch()} />
        : open.isPending ? <Skeleton active />
        : cards.length === 0 ? <Teach />
        : <div className="i-cards">{[...asks, ...ready, ...moving].map((c) => <FileCard key={c.id} card={c} alone={cards.length === 1} onOpen={() => setShown(c.id)} />)}</div>}
      {shown && <ColumnsDrawer id={shown} onClose={shut} />}
    </Page>
  );
}

function Teach() {
  return (
    <EmptyTeach
      title="还没有待导入的文件"
      steps={[
        '从平台后台的订单管理导出订单（有的平台分订单和商品两份报表，两份都要）',
        '把一个或很多个文件一起拖到窗口里的任何地方',
        '系统认出平台、店铺和每一列；都没有疑问就直接导入，拿不准的才会问您',
      ]}
    />
  );
}
