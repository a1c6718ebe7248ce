import { RollbackOutlined } from '@ant-design/icons';
import { Button, Tag } from 'antd';
import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useApi } from '@api/queries';
import { backTo } from './back';
import type { GoodsPage } from './types';

const useNumber = (order: string) => useApi<{ order: { number: string } }>(`/api/orders/${order}`).data?.order.number;

/** Who came for what one order lacks goes on there: the price is saved in the drawer, the order waits elsewhere. */
export function BackToOrder({ order }: { order: string }) {
  const back = backTo(order, useNumber(order));
  return <Link to={back.address}><Button icon={<RollbackOutlined />}>{back.label}</Button></Link>;
}

/** Somebody came for what one order lacks: said, and taken off again; a single SKU is opened at once. */
export function ForOrder({ order }: { order: string }) {
  const [params, setParams] = useSearchParams();
  const number = useNumber(order);
  const found = useApi<GoodsPage>('/api/goods', { order }).data?.items;
  const opened = useRef(false);
  const only = found?.length === 1 ? found[0]?.id : undefined;
  const here = params.get('open');
  useEffect(() => {
    if (only === undefined || opened.current) return;
    opened.current = true;
    if (!here) setParams((now) => { const next = new URLSearchParams(now); next.set('open', only); return next; }, { replace: true });
  }, [only, here, setParams]);
  const all = () => setParams((now) => { const next = new URLSearchParams(now); next.delete('order'); return next; });
  return (
    <span>
      只看 <Tag closable onClose={(e) => { e.preventDefault(); all(); }}>订单 {number ?? ''} 缺的商品</Tag>
      加上一家能供的货源，这一单就会自己重新检查。<Link to={backTo(order, number).address}>回到这一单</Link>
    </span>
  );
}
