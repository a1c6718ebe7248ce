import { ScanOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { lazy, Suspense, useCallback, useState } from 'react';
import { upload } from '@api/files';
import { post } from '@api/http';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, DropZone, useAct } from '@kit/index';
import { boxOf, still, type Back } from './back';
import { whyNoCamera } from './camera';
import { hasLine, type Parcel } from './waybill';

type Handed = components['schemas']['PortalHanded'];

const Scan = lazy(() => import('./scan'));

/** Tracking numbers: typed, pasted, in a file, or scanned off the waybills; what cannot be used stays, with the reason. */
export function Numbers({ path, parcels }: { path: string; parcels: readonly Parcel[] }) {
  const [text, setText] = useState('');
  const [back, setBack] = useState<readonly Back[]>([]);
  const [scanning, setScanning] = useState(false);
  const { act } = useAct();
  const shut = useCallback(() => setScanning(false), []);
  const handed = (answer: ActionAnswer | undefined) => {
    const left = (answer as Handed).back;
    setBack(left);
    setText(boxOf(left));
  };
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
        rows={Math.min(10, Math.max(3, text.split('\n').length))}
        placeholder={'一单一行，例如：\n001 圆通 YT8812345678901（采购单号后三位就行）\n也可以把聊天记录整段粘贴进来'}
      />
      {still(back, text).map((b) => (
        <div key={b.text} role="alert" className="v-back">
          <span className="k-digits">{b.text}</span>
          <span className="k-red">{b.reason}</span>
        </div>
      ))}
      <ActionButton block label="交单号" look="primary" why={!text.trim() && '请先填单号'} run={(key) => post<Handed>(`${path}/tracking`, { text }, { key })} after={handed} />
      <DropZone small title="传回单文件" hint="xlsx / xls / csv / txt" accept=".xlsx,.xls,.csv,.txt" onFiles={(files) => void act((key) => upload<ActionAnswer>(`${path}/tracking-file`, files, { key }))} />
      {scanning && first && <Suspense fallback={null}><Scan parcels={parcels} first={first.number} text={text} setText={setText} onClose={shut} /></Suspense>}
    </section>
  );
}
