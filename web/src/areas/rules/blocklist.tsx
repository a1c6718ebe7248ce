import { Button, Form, Input, Segmented } from 'antd';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { count, EmptyTeach, Failed, FormDrawer, Grid, ReasonedButton, Time, to, type ListColumn } from '@kit/index';
import type { Blocked } from './shapes';

const PATH = '/api/blocklist';
const REFRESH = [PATH, '/api/orders', '/api/today'];
const WHY_FREE = ['误拉黑', '已和买家说清'];

interface Values {
  by: '电话' | '姓名';
  value: string;
  reason: string;
}

function BlockForm({ onClose }: { onClose: () => void }) {
  const save = (v: Values, key: string) => post<ActionAnswer>(PATH, { [v.by === '电话' ? 'phone' : 'name']: v.value, reason: v.reason }, { key });
  return (
    <FormDrawer<Values> title="拉黑收件人" verb="拉黑" initial={{ by: '电话', value: '', reason: '' }} save={save} refresh={REFRESH} onClose={onClose}>
      {(form) => (
        <>
          <p className="k-faint k-gap">发给他的订单会挂起，等有权限的人放行。这里只存加密后的值，列表里只看得到打码的。</p>
          <Form.Item label="按什么认" name="by"><Segmented options={['电话', '姓名']} /></Form.Item>
          <Form.Item noStyle shouldUpdate>
            {() => {
              const name = (form.getFieldValue('by') as string) === '姓名';
              return <Form.Item label={name ? '姓名' : '电话'} name="value" extra={name ? '同名同姓的都会挂起；知道电话就按电话' : '手机号或座机，分机不用填'} rules={[{ required: true, whitespace: true, message: name ? '请填姓名' : '请填电话' }]}><Input maxLength={40} autoComplete="off" autoFocus /></Form.Item>;
            }}
          </Form.Item>
          <Form.Item label="原因" name="reason" extra="审单的人会看到；不要写电话和地址" rules={[{ required: true, whitespace: true, message: '请写明为什么拉黑' }]}><Input.TextArea rows={2} maxLength={200} placeholder="例如：多次签收后仅退款" /></Form.Item>
        </>
      )}
    </FormDrawer>
  );
}

function Held({ numbers }: { numbers: readonly string[] }) {
  if (numbers.length === 0) return <span className="k-faint">没有</span>;
  return <Link to={to('orders', { tab: 'all', numbers: [...numbers] })}>{count(numbers.length)} 单</Link>;
}

function columnsOf(): ListColumn<Blocked>[] {
  return [
    { key: 'shown', title: '收件人', width: 160, locked: true, render: (b) => <div className="k-cell"><span className="k-digits">{b.shown}</span><span className="k-faint k-small">{b.kind === 'phone' ? '按电话' : b.kind === 'name' ? '按姓名' : '按收件人'}</span></div> },
    { key: 'reason', title: '原因', width: 360, render: (b) => <span className="k-cut" title={b.reason}>{b.reason}</span> },
    { key: 'held', title: '正挂起', width: 96, render: (b) => <Held numbers={b.held} /> },
    { key: 'by', title: '谁拉黑的', width: 130, render: (b) => b.by_name || '—' },
    { key: 'at', title: '什么时候', width: 130, render: (b) => <Time at={b.created_at} /> },
    {
      key: 'deeds', title: '操作', width: 90, locked: true,
      render: (b) => <ReasonedButton label="移出" reasons={WHY_FREE} says={b.held.length > 0 ? `因为他挂起的 ${b.held.length} 单会重新检查，没有别的异常就放行。` : '以后发给他的订单不再挂起。'} run={(reason, key) => post<ActionAnswer>(`${PATH}/${b.id}/remove`, { reason }, { key })} refresh={REFRESH} />,
    },
  ];
}

const byId = (b: Blocked) => b.id;

/** Receivers whose orders are held; from an order's hold only those that hold it. */
export function Blocklist({ adding, onAdded }: { adding: boolean; onAdded: () => void }) {
  const { data, error, isPending, refetch } = useApi<Blocked[]>(PATH);
  const [params, setParams] = useSearchParams();
  const columns = useMemo(columnsOf, []);
  const order = params.get('order') ?? '';
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  const shown = (data ?? []).filter((b) => !order || b.held.includes(order));
  return (
    <div className="rules-grid">
      {order && <p className="k-gap">只看拦住订单 <b className="k-digits">{order}</b> 的 {shown.length} 条 · <Button type="link" size="small" onClick={() => setParams({ tab: 'blocklist' })}>看全部</Button></p>}
      <Grid<Blocked>
        rows={shown} idOf={byId} columns={columns} loading={isPending}
        empty={<EmptyTeach title={order ? '黑名单里已没有拦住这一单的人' : '黑名单是空的'} steps={['点“拉黑”，填电话或姓名和原因', '也可以在订单详情里直接“拉黑收件人”', '发给他的订单会挂起，由人决定发不发']} />}
      />
      {adding && <BlockForm onClose={onAdded} />}
    </div>
  );
}
