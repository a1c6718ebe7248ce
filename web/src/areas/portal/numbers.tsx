import { ScanOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { lazy, Suspense, useCallback, useState } from 'react';
import { upload } from '@api/files';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, DropZone, useAct } from '@kit/index';
import { whyNoCamera } from './camera';
import { hasLine, type Parcel } from './waybill';

const Scan = lazy(() => import('./scan'));

/** Tracking numbers: typed, pasted, in a file, or scanned off the waybills. */
export function Numbers({ path, parcels }: { path: string; parcels: readonly Parcel[] }) {
  const [text, setText] = useState('');
  const [scanning, setScanning] = useState(false);
  const { act } = useAct();
  const shut = useCallback(() => setScanning(false), []);
  const why = whyNoCamera(window.isSecureContext, navigator.mediaDevices);
  const first = parcels.find((p) => !hasLine(text, p.number)) ?? parcels[0];
  return (
    <section className="v-card">
      <b>填快递单号</b>
      <Button block size="large" icon={<ScanOutlined />} disabled={Boolean(why) || !first} onClick={() => setScanning(true)}>扫面单条码</Button>
      {why && <span className="k-faint k-small">{why}</span>}
      <Input.TextArea
        value={text}
        onChange={(e) => setText(e.target.value)}
        rows={Math.min(10, Math.max(4, text.split('\n').length))}
        placeholder={'一单一行，例如：\nP261120-恒达-001 圆通 YT8812345678901\n也可以把聊天记录整段粘贴进来'}
      />
      <ActionButton block label="交单号" look="primary" why={!text.trim() && '请先填单号'} run={(key) => post<ActionAnswer>(`${path}/tracking`, { text }, { key })} after={() => setText('')} />
      <DropZone small title="传回单文件" hint="xlsx / xls / csv / txt" accept=".xlsx,.xls,.csv,.txt" onFiles={(files) => void act((key) => upload<ActionAnswer>(`${path}/tracking-file`, files, { key }))} />
      {scanning && first && <Suspense fallback={null}><Scan parcels={parcels} first={first.number} text={text} setText={setText} onClose={shut} /></Suspense>}
    </section>
  );
}
