import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMay } from '@api/queries';
import { Copyable, count, ImportButton, ListPage, Money, Page, StateTag, type FilterField, type ListColumn } from '@kit/index';
import { SkuDrawer } from './drawer';
import { ForOrder } from './for-order';
import { SkuForm } from './form';
import type { Row } from './types';
import './goods.css';

function Supply({ row }: { row: Row }) {
  const best = row.offers.find((o) => o.active);
  if (!best) return row.active ? <StateTag tone="warn" label="没有货源" /> : <span className="k-faint">—</span>;
  const others = row.offers.length - 1;
  return (
    <div className="k-cell">
      <span className="k-cut">{best.supplier}{others > 0 && <span className="k-faint"> 等 {others + 1} 家</span>}</span>
      <span className="k-faint k-small k-cut" title={best.words}>{best.words}</span>
    </div>
  );
}

const goods: ListColumn<Row> = {
  key: 'goods', title: '商品', width: 320, locked: true,
  render: (r, { open }) => (
    <div className="k-goods">
      {r.image_url && <img src={r.image_url} alt="" width={36} height={36} loading="lazy" />}
      <div className="k-cell"><button type="button" className="g-title k-cut" onClick={open}>{r.title}</button><span className="k-faint k-small k-cut">{r.spec || '—'}</span></div>
    </div>
  ),
};
const code: ListColumn<Row> = { key: 'code', title: 'SKU 编码', width: 170, sort: true, render: (r) => <Copyable text={r.code} /> };
const cost: ListColumn<Row> = { key: 'cost', title: '成本', width: 100, align: 'right', sort: 'cost_fen', hint: '自己记的参考成本；毛利按供应商报价和采购单算', render: (r) => <Money fen={r.cost_fen} /> };
const rest: readonly ListColumn<Row>[] = [
  { key: 'supply', title: '货源', width: 230, render: (r) => <Supply row={r} /> },
  { key: 'mappings', title: '店铺商品', width: 96, align: 'right', hint: '店铺里有多少个商品规格对应到它', render: (r) => (r.mappings > 0 ? count(r.mappings) : <span className="k-faint">0</span>) },
  { key: 'weight', title: '重量', width: 90, align: 'right', render: (r) => (r.weight_g === null ? <span className="k-faint">—</span> : `${count(r.weight_g)} 克`) },
  { key: 'category', title: '类目', width: 110, render: (r) => <span className="k-cut">{r.category || '—'}</span> },
  { key: 'barcode', title: '条码', width: 130, render: (r) => <span className="k-digits">{r.barcode || '—'}</span> },
];
const withCost = [goods, code, cost, ...rest];
const withoutCost = [goods, code, ...rest];
const fields: readonly FilterField[] = [
  { kind: 'text', name: 'text', label: '搜索', hint: '名称、编码、规格、条码、拼音' },
  { kind: 'source', name: 'supplier', label: '供应商', path: '/api/suppliers' },
];
const tabs = [{ key: 'all', label: '在用' }, { key: 'unsupplied', label: '没有货源' }, { key: 'costless', label: '缺成本' }, { key: 'stopped', label: '已停用' }];

/** Our SKUs: what they cost, who has them, which listings mean them. */
export default function Goods() {
  const may = useMay('catalog.edit');
  const mayImport = useMay('imports.run');
  const seesCost = useMay('finance.view');
  const [adding, setAdding] = useState(false);
  const [params] = useSearchParams();
  const order = params.get('order');
  return (
    <Page
      title="商品"
      answer="每个规格（SKU）一行；订单匹配到它，再由货源供货"
      fill
      actions={
        <>
          {mayImport && <ImportButton label="导入供货关系" kind="links" />}
          {mayImport && <ImportButton label="导入商品" kind="goods" />}
          {may && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>新增规格</Button>}
        </>
      }
    >
      <ListPage<Row>
        name="goods"
        path="/api/goods"
        exportable="goods"
        columns={seesCost ? withCost : withoutCost}
        fields={fields}
        tabs={tabs}
        note={order ? <ForOrder key={order} order={order} /> : undefined}
        rowTone={(r) => (r.active ? undefined : 'done')}
        empty={{ title: '还没有商品', steps: ['下载“导入商品”旁边的空白模板，填好编码、名称、成本', '拖到窗口里；或直接导入供应商报价，再补商品'] }}
        detail={(id, close) => <SkuDrawer id={id} onClose={close} />}
      />
      {adding && <SkuForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
