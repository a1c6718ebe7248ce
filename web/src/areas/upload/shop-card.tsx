import { Button, Upload } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { upload } from '@api/files';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, count, Panel, PlatformBadge, StateTag, Time, to, useAct, type Tone } from '@kit/index';
import { apiParts } from './by-api';
import { makeAndSave, saveFiles } from './take-home';
import { confirmTemplate } from './template-form';
import { nothingNew } from './words';

type Card = components['schemas']['ShopCard'];
type Api = components['schemas']['ByApi'];
type ShipFile = components['schemas']['ShipFileOut'];

const TONES: Record<string, Tone> = { ready: 'todo', downloaded: 'warn', uploaded: 'doing', confirmed: 'done' };

function FileLine({ file }: { file: ShipFile }) {
  const may = useMay('logistics.edit');
  return (
    <div className="upload-file">
      <span className="k-cut" title={file.name}>{file.name}</span>
      <span className="k-faint k-small">{count(file.rows)} 行 · <Time at={file.uploaded_at ?? file.downloaded_at ?? file.created_at} /></span>
      <StateTag tone={TONES[file.state] ?? 'doing'} label={file.state_label} />
      {may && (
        <span className="k-row">
          <ActionButton look="link" label={file.state === 'ready' ? '下载' : '再下载'} run={() => saveFiles([file.id])} />
          {file.state === 'downloaded' && <ActionButton look="primary" label="标记为已上传" run={(key) => post('/api/upload/files/uploaded', { ids: [file.id] }, { key })} />}
          {file.state !== 'uploaded' && <ActionButton look="link" label="作废" run={(key) => post('/api/upload/files/void', { ids: [file.id] }, { key })} />}
        </span>
      )}
    </div>
  );
}

function LeftOut({ card }: { card: Card }) {
  const may = useMay('logistics.edit');
  const [open, setOpen] = useState(card.ready_orders === 0);
  if (card.left_count === 0) return null;
  return (
    <div>
      <Button type="link" size="small" className="k-amber" onClick={() => setOpen(!open)}>
        {count(card.left_count)} 个单号没有放进文件，{open ? '收起' : '看原因'}
      </Button>
      {open && (
        <ul className="upload-left">
          {card.left_out.map((x) => (
            <li key={`${x.order_no}-${x.tracking_number}`}>
              <b className="k-digits">{x.order_no}</b> {x.courier_name} {x.tracking_number}：{x.reason}
              {may && x.shipped_there && <ActionButton look="link" label="不用上传" run={(key) => post<ActionAnswer>('/api/upload/reports/not-needed', { ids: [x.report_id] }, { key })} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A shop that uploads by itself: how that stands. */
function ByApi({ api }: { api: Api }) {
  const parts = apiParts(api);
  return (
    <div className="k-stack">
      <div className="k-row">
        <StateTag tone={api.working ? 'done' : 'bad'} label={api.working ? '按接口自动上传' : `${api.state_label}，不能自动上传`} />
        <Link className="k-small" to={to('connections', { open: api.connection_id, tab: 'calls' })}>{api.working ? '看调用记录' : '去授权'}</Link>
      </div>
      {!api.working && api.why && <span className="k-faint">{api.why}</span>}
      <div className="k-row upload-api">
        {parts.map((p) => (p.stuck
          ? <Link key={p.label} className="k-amber" to={to('status', { connection: api.connection_id })}>{p.label} <b>{count(p.n)}</b></Link>
          : <span key={p.label} className={p.n === 0 ? 'k-faint' : undefined}>{p.label} <b>{count(p.n)}</b></span>))}
      </div>
    </div>
  );
}

export interface ShopCardProps {
  card: Card;
  onTemplate: () => void;
  onCouriers: () => void;
}

/** What is ready to go by file, the files, what came of those before; the template. */
function ByFile({ card, onTemplate, onCouriers }: ShopCardProps) {
  const may = useMay('logistics.edit');
  const { act } = useAct();
  const learn = (file: File) =>
    void act((key) => upload<ActionAnswer>(`/api/upload/shops/${card.shop_id}/template`, [file], { key, field: 'file' }));
  return (
    <div className="k-stack">
      <div className="k-row">
        <div className="k-grow">
          {card.ready_orders > 0 ? (
            <>待上传 <b>{count(card.ready_orders)}</b> 单，{count(card.ready_rows)} 行{card.parts > 1 && `，分 ${card.parts} 个文件`}</>
          ) : (
            <span className="k-faint">{nothingNew(card)}</span>
          )}
        </div>
        {may && card.ready_orders > 0 && <ActionButton label="下载" run={(key) => makeAndSave([card.shop_id], key)} />}
      </div>
      <LeftOut card={card} />
      {card.files.map((f) => <FileLine key={f.id} file={f} />)}
      <div className="upload-template k-small">
        <span>模板：{card.template.name}</span>
        <StateTag tone={card.template.verified ? 'done' : 'warn'} label={card.template.verified ? '已核实' : '未核实'} />
        {may && (
          <>
            {!card.template.verified && <ActionButton look="link" label="模板可用" confirm="以后这家店的文件按这个模板做，不再提醒先试传。请先用一两单在平台上传成功过。" run={(key) => confirmTemplate(card.shop_id, key)} />}
            <a onClick={onTemplate}>查看、修改</a>
            <Upload accept=".xlsx,.xls,.csv" showUploadList={false} beforeUpload={(f) => { learn(f); return false; }}>
              <a>换成平台的空模板</a>
            </Upload>
            <a onClick={onCouriers}>快递名称</a>
          </>
        )}
      </div>
      {card.ready_orders > 0 && card.notes.map((n) => <span key={n} className="k-faint k-small">{n}</span>)}
    </div>
  );
}

/** One shop: by itself where an API tells it, with the file as the way out; by file elsewhere. */
export function ShopCard(props: ShopCardProps) {
  const { card } = props;
  return (
    <Panel
      title={<PlatformBadge platform={card.platform} shop={card.shop} />}
      extra={card.late > 0 && <span className="k-amber">⚠ {count(card.late)} 个超时未确认</span>}
    >
      {card.api ? (
        <div className="k-stack">
          <ByApi api={card.api} />
          <details className="upload-way-out" open={!card.api.working || card.files.length > 0}>
            <summary>接口用不了时，改用文件上传</summary>
            <ByFile {...props} />
          </details>
        </div>
      ) : <ByFile {...props} />}
    </Panel>
  );
}
