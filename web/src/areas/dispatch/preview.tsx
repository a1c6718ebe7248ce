import { Alert, Button, Checkbox, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import type { components } from '@api/schema';
import { ActionButton, EmptyTeach, Failed, MAIN_KEY, Page, ResultPage, Time, to } from '@kit/index';
import { GroupBox } from './group';
import { Left } from './left';
import { askedFor } from './asked';
import { useBoard, type Asked, type Board, type Choices } from './use-board';
import { waysOf } from './ways';
import './dispatch.css';

type Dispatched = components['schemas']['DispatchedOut'];

function Stale({ board, seen, see }: { board: Board; seen: boolean; see: (seen: boolean) => void }) {
  return (
    <Alert
      type="warning"
      showIcon
      title={`${board.stale.length} 个店铺的订单文件超过 ${board.stale_hours} 小时，之后的取消、退款、改地址看不到`}
      description={
        <div className="k-row">
          {board.stale.map((shop) => (
            <span key={shop.id}>
              <b>{shop.name}</b> {shop.orders} 单 · {shop.as_of ? <Time at={shop.as_of} /> : '没有导出时间'}
            </span>
          ))}
        </div>
      }
      action={
        <div className="k-stack">
          <Link to={to('import')}>导入新文件</Link>
          <Checkbox checked={seen} onChange={(e) => see(e.target.checked)}>知道了，仍然派单</Checkbox>
        </div>
      }
    />
  );
}

/** ③ 派单预览: who gets what and why; one button makes the purchases, and can be taken back. */
export default function Preview() {
  const [address] = useSearchParams();
  const { state } = useLocation() as { state: { target?: Asked } | null };
  const target = state?.target ?? askedFor(address);
  const [choices, setChoices] = useState<Choices>({});
  const [seen, setSeen] = useState(false);
  const [done, setDone] = useState<Dispatched | null>(null);
  const go = useNavigate();
  const may = useMay('purchasing.edit');
  const board = useBoard(target, choices);

  if (done) {
    return (
      <Page title="派单" answer={done.message}>
        <ResultPage
          title={`已派 ${done.orders} 单 → ${done.suppliers} 家供应商`}
          succeeded={done.orders}
          failed={done.left.length}
          left={done.left}
          facts={[{ label: '张采购单', value: done.numbers.length, to: to('purchases', { tab: 'draft' }) }]}
          next={{ label: '发给供应商', to: to('send') }}
        >
          <ActionButton
            label="撤销派单"
            run={(key) => post<ActionAnswer>(`/api/undo/${done.undo}`, {}, { key })}
            after={() => { setDone(null); setChoices({}); }}
          />
        </ResultPage>
      </Page>
    );
  }
  const found = board.data;
  const why = !may ? '您没有派单权限' : !found?.orders ? '没有可以派的单' : found.stale.length > 0 && !seen ? '请先导入新的订单文件，或勾选“知道了，仍然派单”' : null;
  const choose = (orders: readonly string[], supplier: string | null) =>
    setChoices((before) => {
      const next = { ...before };
      for (const id of orders) {
        if (supplier) next[id] = supplier;
        else delete next[id];
      }
      return next;
    });
  const changed = Object.keys(choices).length;
  const ways = waysOf(found?.groups ?? []);
  return (
    <Page
      title="派单预览"
      answer={found?.orders ? <b>{found.line}</b> : undefined}
      actions={
        <>
          {changed > 0 && <Button onClick={() => setChoices({})}>还原 {changed} 处改动</Button>}
          <ActionButton
            label="派单"
            look="primary"
            hotkey={MAIN_KEY}
            why={why}
            run={async (key) => {
              const answer = await post<Dispatched>(
                '/api/dispatch',
                { target, choices, stale_confirmed: seen ? (found?.stale.map((s) => s.id) ?? []) : [] },
                { key },
              );
              setDone(answer);
              return answer;
            }}
          />
        </>
      }
    >
      {board.isError ? <Failed error={board.error} retry={() => void board.refetch()} />
        : !found ? <Skeleton active paragraph={{ rows: 10 }} />
        : (
          <div className="k-stack d-board">
            {ways.goes && <p className="k-faint k-small">{ways.goes}{ways.stops && <span className="k-red">；{ways.stops}</span>}</p>}
            {found.stale.length > 0 && <Stale board={found} seen={seen} see={setSeen} />}
            <Left left={found.left} elsewhere={found.elsewhere} />
            {found.groups.length === 0 && found.left.length > 0
              ? <EmptyTeach title={`${found.left.length} 单现在派不出去`} steps={['上面写着每一单的原因', '补上供应商、报价或地址', '回到这里再派']} />
              : found.groups.length === 0
              ? <EmptyTeach title="没有等待派单的订单" steps={['导入订单文件', '处理完匹配和异常', '回到这里派单']} action={<Button onClick={() => void go(to('import'))}>导入订单</Button>} />
              : found.groups.map((group) => <GroupBox key={group.supplier_id} group={group} choices={choices} choose={choose} busy={board.isPlaceholderData} />)}
          </div>
        )}
    </Page>
  );
}
