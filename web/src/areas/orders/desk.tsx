import { PlusSquareOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { queryString } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { Page as Answered, Target } from '@api/shapes';
import { beijing, Copyable, count, heldParts, ListPage, Page, to, useStations, waitWords, type FilterField } from '@kit/index';
import { actionsFor, BatchQuestion, type Asking } from './batch';
import { OrderCard } from './card';
import { columns } from './columns';
import { Compare } from './compare';
import { DoorsContext, type Doors } from './deeds';
import { OrderDrawer, type ShownTab } from './drawer';
import { HoldStrip, otherFilters, STRIP, UploadSum } from './hold-strip';
import { PasteRecipients } from './paste';
import { RecipientForm } from './recipient-form';
import { COUNTED, FLAGS, LIST, RECIPIENTS, REFUNDS, useWords, type OrderCounts, type OrderPage, type OrderRow, type OrderWords } from './types';
import './orders.css';

const options = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }));
const WAITING = new Set(['hold', 'match']);

/** Where the strip of kinds stands, the search bar need not ask for the kind again. */
function fieldsOf(words: OrderWords | undefined, strip: boolean, dueHour: string): readonly FilterField[] {
  const every: FilterField[] = [
    { kind: 'numbers', name: 'numbers', label: '单号', hint: '订单、采购单、运单号，可粘贴 500 个' },
    { kind: 'text', name: 'text', label: '商品', hint: '标题、规格或商家编码' },
    { kind: 'private', name: 'person', label: '收件人', path: `${LIST}/person` },
    { kind: 'source', name: 'shop', label: '店铺', path: '/api/shops', many: true },
    { kind: 'select', name: 'hold', label: '异常', many: true, options: (words?.holds ?? []).map((h) => ({ value: h.kind, label: h.label })) },
    { kind: 'select', name: 'step', label: '状态', many: true, options: (words?.steps ?? []).map((s) => ({ value: s.key, label: s.label })) },
    { kind: 'source', name: 'supplier', label: '供应商', path: '/api/suppliers', many: true },
    { kind: 'dates', name: 'paid', label: '付款' },
    { kind: 'money', name: 'paid', label: '实付' },
    { kind: 'select', name: 'recipient', label: '收件信息', many: true, options: options(RECIPIENTS) },
    { kind: 'select', name: 'refund', label: '售后', many: true, options: options(REFUNDS) },
    { kind: 'select', name: 'flag', label: '旗帜', options: options(FLAGS) },
    { kind: 'select', name: 'tag', label: '标签', options: (words?.tags ?? []).map((value) => ({ value, label: value })) },
    { kind: 'select', name: 'note', label: '留言备注', options: [{ value: 'yes', label: '有' }, { value: 'no', label: '没有' }] },
    { kind: 'select', name: 'late', label: '时限', options: [{ value: '1', label: '已超时' }] },
    { kind: 'select', name: 'due_today', label: '截止', options: [{ value: '1', label: '今天内' }] },
    { kind: 'select', name: 'due_hour', label: '最近的截止', options: dueHour ? [{ value: dueHour, label: `${beijing(dueHour).format('MM-DD HH:mm')} 起一小时` }] : [] },
    { kind: 'select', name: 'to_tell', label: '上传', options: [{ value: '1', label: '要人上传' }] },
    { kind: 'select', name: 'counted', label: '计入', options: options(COUNTED) },
    { kind: 'select', name: 'unfinished', label: '进度', options: [{ value: '1', label: '未发完' }] },
    { kind: 'select', name: 'losing', label: '毛利', options: [{ value: '1', label: '亏损' }] },
    { kind: 'select', name: 'urgent', label: '加急', options: [{ value: '1', label: '只看加急' }] },
  ];
  return every.filter((f) => !(strip && f.name === 'hold') && !(dueHour === '' && f.name === 'due_hour'));
}

function tone(row: OrderRow): 'warn' | 'bad' | 'done' | undefined {
  if (['done', 'closed'].includes(row.tab)) return 'done';
  return row.priority > 0 ? 'bad' : undefined;
}

/** The line that makes clean orders invisible. */
function Answer({ counts }: { counts: OrderCounts | undefined }) {
  const stations = useStations().data;
  if (!counts || !stations) return null;
  const ready = Math.max(0, (stations.stations.find((s) => s.key === 'dispatch')?.count ?? 0) - stations.unsent);
  const { todo, waits } = heldParts(counts.counts['hold'] ?? 0, stations.held);
  const stuck = todo + (counts.counts['match'] ?? 0);
  const waiting = waits > 0 && <span className="k-faint" title={waitWords(stations.held)}>（另有 {count(waits)} 单在等，现在不用处理）</span>;
  if (ready === 0) return stuck > 0 ? <><b>{count(stuck)}</b> 单等您处理{waiting}</> : <>没有要处理的订单{waiting}</>;
  return <>{stuck + waits > 0 ? '其余 ' : ''}<b>{count(ready)}</b> 单无异常，已可派单 <Link to={to('dispatch')}>去派单 →</Link></>;
}

/** Numbers that were asked for and that no order has, to take along. */
function notFound(answer: Answered<OrderRow>) {
  const numbers = (answer as OrderPage).missing;
  return numbers.length > 0 && (
    <span className="k-amber k-row">
      没找到 {count(numbers.length)} 个：<Copyable text={numbers.join('\n')}>{numbers.slice(0, 5).join('、')}{numbers.length > 5 && ' …'}</Copyable>
    </span>
  );
}

// As many ids as an address can carry; more travel beside it.
const MOST_IN_ADDRESS = 50;

/** Carry the chosen orders, or the filter that finds them, to the dispatch preview. */
function useDispatch(): (target: Target) => void {
  const navigate = useNavigate();
  return useCallback(
    (target) => {
      if ('filter' in target && target.except.length <= MOST_IN_ADDRESS) {
        const filter = queryString(target.filter) || 'tab=all';
        return void navigate(to('dispatch', { filter, except: target.except }));
      }
      if ('ids' in target && target.ids.length <= MOST_IN_ADDRESS) return void navigate(to('dispatch', { ids: target.ids }));
      void navigate(to('dispatch'), { state: { target } });
    },
    [navigate],
  );
}

function Desk() {
  const words = useWords();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const tab = params.get('tab') ?? 'all';
  const counts = useApi<OrderCounts>(`${LIST}/counts`, undefined, { every: 15_000, keep: true }).data;
  const [asking, setAsking] = useState<Asking | null>(null);
  const [editing, setEditing] = useState('');
  const [comparing, setComparing] = useState('');
  const [shown, setShown] = useState<ShownTab | null>(null);
  const [pasting, setPasting] = useState(false);
  const mayEdit = useMay('orders.edit');
  const [, setParams] = useSearchParams();
  const open = useCallback(
    (order: string) => setParams((now) => { const next = new URLSearchParams(now); next.set('open', order); return next; }, { replace: true }),
    [setParams],
  );
  const doors = useMemo<Doors>(
    () => ({
      open,
      show: (order, tab) => { open(order); setShown({ tab }); },
      compare: setComparing,
      editRecipient: setEditing,
      go: (address) => void navigate(address),
    }),
    [navigate, open],
  );
  const filters = otherFilters(params);
  const counted = useApi<OrderCounts>(`${LIST}/counts`, filters, { every: 15_000, keep: true }).data;
  const strip = WAITING.has(tab) || STRIP.some((by) => params.has(by));
  const dueHour = params.get('due_hour') ?? '';
  const fields = useMemo(() => fieldsOf(words, strip, dueHour), [words, strip, dueHour]);
  const dispatch = useDispatch();
  const actions = useMemo(() => actionsFor(setAsking, dispatch), [dispatch]);
  return (
    <DoorsContext.Provider value={doors}>
      <Page
        title="订单工作台"
        answer={<Answer counts={counts} />}
        actions={mayEdit && <Button size="small" icon={<PlusSquareOutlined />} onClick={() => setPasting(true)}>粘贴补收件人</Button>}
        fill
      >
        <ListPage<OrderRow>
          name="orders"
          path={LIST}
          columns={columns}
          fields={fields}
          tabs={words?.tabs ?? [{ key: 'all', label: '全部' }]}
          tabDrops={STRIP}
          actions={actions}
          exportable
          rowTone={tone}
          said={notFound}
          note={strip && words && counts && counted ? <HoldStrip tab={tab} words={words} counted={counted} held={counts.counts['hold'] ?? 0} />
            : tab === 'report' && counts ? <UploadSum held={counts.counts['report'] ?? 0} /> : undefined}
          card={(row, open) => <OrderCard row={row} open={open} />}
          detail={(id, close, following) => <OrderDrawer id={id} close={close} at={shown} following={following} />}
          empty={WAITING.has(tab)
            ? { title: '没有异常了', steps: ['干净的订单已经在“待派单”里', '去派单：预览、确认，一次派给所有供应商'], action: <Link to={to('dispatch')}><Button type="primary">去派单</Button></Link> }
            : { title: '这里还没有订单', steps: ['从平台后台导出订单文件', '把文件拖到这个窗口，或到“导入”里选择', '系统会认出平台和列，只有看不准的才问您'], action: <Link to={to('import')}><Button type="primary">导入订单</Button></Link> }}
        />
      </Page>
      {asking && <BatchQuestion asking={asking} words={words} close={() => setAsking(null)} />}
      {comparing && <Compare order={comparing} close={() => setComparing('')} />}
      {editing && <RecipientForm order={editing} close={() => setEditing('')} />}
      {pasting && <PasteRecipients close={() => setPasting(false)} />}
    </DoorsContext.Provider>
  );
}

/** Opens on what needs a person: 异常 when there is any, else 待派单; an address that asks for something is kept. */
export default function Orders() {
  const [params] = useSearchParams();
  const asked = params.size > 0;
  const counts = useApi<OrderCounts>(asked ? null : `${LIST}/counts`).data;
  if (asked) return <Desk />;
  if (!counts) return null;
  const tab = (['hold', 'match', 'dispatch'] as const).find((t) => (counts.counts[t] ?? 0) > 0) ?? 'all';
  return <Navigate to={to('orders', { tab })} replace />;
}
