import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useMay } from '@api/queries';
import { count, ImportButton, ListPage, Page, percent, StateTag, type FilterField, type ListColumn } from '@kit/index';
import { SupplierDrawer } from './drawer';
import { SupplierForm } from './form';
import { CHANNELS, type Row } from './types';
import './suppliers.css';

const columns: readonly ListColumn<Row>[] = [
  {
    key: 'name', title: '供应商', width: 240, locked: true, sort: true,
    render: (r, { open }) => <div className="k-cell"><button type="button" className="s-name k-cut" onClick={open}>{r.name}</button><span className="k-faint k-small k-cut">采购单号 {r.code}{r.remark && ` · ${r.remark}`}</span></div>,
  },
  { key: 'skus', title: '有报价', width: 90, align: 'right', render: (r) => (r.skus > 0 ? `${count(r.skus)} 个` : <StateTag tone="warn" label="没有" />) },
  { key: 'freight', title: '运费', width: 290, render: (r) => (r.freight_words === '运费未填' ? <StateTag tone="warn" label="运费未填" hint="没有运费就算不准毛利" /> : <span className="k-two" title={r.freight_words}>{r.freight_words || '—'}</span>) },
  { key: 'lead', title: '发货', width: 96, sort: 'lead_hours', render: (r) => <div className="k-cell"><span>{r.lead_hours} 小时内</span>{r.cut_off && <span className="k-faint k-small">{r.cut_off} 截单</span>}</div> },
  { key: 'regions', title: '不发地区', width: 140, render: (r) => <span className="k-two">{r.regions_not_served.join('、') || <span className="k-faint">都发</span>}</span> },
  { key: 'channel', title: '怎么发单', width: 96, render: (r) => <div className="k-cell"><span>{CHANNELS[r.channel]?.label ?? r.channel}</span>{r.has_format && <span className="k-faint k-small">已学格式</span>}</div> },
  { key: 'open', title: '在途采购', width: 90, align: 'right', render: (r) => count(r.open_purchases) },
  { key: 'record', title: '近 30 天准时', width: 110, align: 'right', render: (r) => (r.on_time === null ? <span className="k-faint">还没有记录</span> : percent(r.on_time)) },
];
const fields: readonly FilterField[] = [{ kind: 'text', name: 'text', label: '搜索', hint: '名称、编号、备注' }];
const tabs = [{ key: 'all', label: '在用' }, { key: 'freightless', label: '运费未填' }, { key: 'priceless', label: '没有报价' }, { key: 'stopped', label: '已停用' }];

/** Who ships for us, on what terms. */
export default function Suppliers() {
  const may = useMay('purchasing.edit');
  const mayImport = useMay('imports.run');
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="供应商"
      answer="价格、运费和不发地区决定派单选谁"
      fill
      actions={
        <>
          {mayImport && <ImportButton label="导入报价" kind="prices" />}
          {mayImport && <ImportButton label="导入供应商" kind="suppliers" />}
          {may && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>新增供应商</Button>}
        </>
      }
    >
      <ListPage<Row>
        name="suppliers"
        path="/api/suppliers"
        exportable="suppliers"
        columns={columns}
        fields={fields}
        tabs={tabs}
        rowTone={(r) => (r.active ? undefined : 'done')}
        empty={{ title: '还没有供应商', steps: ['导入供应商的报价表，供应商会自动建好', '或点“新增供应商”手工填'] }}
        detail={(id, close) => <SupplierDrawer id={id} onClose={close} />}
      />
      {adding && <SupplierForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
