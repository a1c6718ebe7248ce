import { CheckCircleFilled } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { cameraFailed, openCamera, stopCamera } from './camera';
import { openReader } from './reader';
import { hasLine, nextParcel, numberIn, standsIn, withLine, type Parcel } from './waybill';

const LOOK_MS = 180;

/** Looks through the back camera until it is closed; the camera goes off with it. */
function useCodes(onCode: (text: string) => void): { video: React.RefObject<HTMLVideoElement | null>; failed: string | null } {
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef(onCode);
  told.current = onCode;
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    let over = false;
    let stream: MediaStream | null = null;
    const run = async () => {
      const [opened, look] = await Promise.all([openCamera(), openReader()]);
      stream = opened;
      const shown = video.current;
      if (over || !shown) return stopCamera(opened);
      shown.srcObject = opened;
      await shown.play();
      while (!over) {
        const text = await look(shown).catch(() => null);
        if (text !== null && !over) told.current(text);
        await new Promise((done) => setTimeout(done, LOOK_MS));
      }
    };
    run().catch((error: unknown) => {
      if (!over) setFailed(cameraFailed(error));
    });
    return () => {
      over = true;
      if (stream) stopCamera(stream);
    };
  }, []);
  return { video, failed };
}

export interface ScanProps {
  parcels: readonly Parcel[];
  /** Whose turn it is first. */
  first: string;
  text: string;
  setText: (text: string) => void;
  onClose: () => void;
}

/** One waybill after the other: the number goes to the parcel whose turn it is, then the next one has its turn. */
export default function Scan({ parcels, first, text, setText, onClose }: ScanProps) {
  const [turn, setTurn] = useState<string | null>(first);
  const [said, setSaid] = useState<{ good: boolean; text: string } | null>(null);
  const take = (code: string) => {
    if (!turn) return;
    const tracking = numberIn(code);
    if (!tracking) return setSaid({ good: false, text: '这个码里没有快递单号，请对准面单上的条形码' });
    // The same waybill stays before the camera for a while.
    if (standsIn(text, tracking)) return;
    const next = withLine(text, turn, tracking);
    setText(next);
    setSaid({ good: true, text: `${turn} → ${tracking}` });
    setTurn(nextParcel(parcels, next, turn));
    navigator.vibrate?.(80);
  };
  const { video, failed } = useCodes(take);
  const options = parcels.map((p) => ({ value: p.number, label: `${hasLine(text, p.number) ? '✓ ' : ''}${p.number} ${p.name}` }));
  return (
    <div className="v-scan" role="dialog" aria-label="扫面单">
      {failed ? <p className="v-scan-said" role="alert">{failed}</p> : (
        <>
          <div className="v-scan-view"><video ref={video} muted playsInline /><i /></div>
          <p className="v-scan-said" role="status">{said ? <>{said.good && <CheckCircleFilled />} {said.text}</> : '把面单的条形码放进框里'}</p>
          {turn ? (
            <label className="v-scan-turn">这张面单是哪一单的<Select size="large" value={turn} options={options} onChange={setTurn} /></label>
          ) : <p className="v-scan-said">每一单都有单号了，关闭后点“交单号”。</p>}
        </>
      )}
      <Button size="large" block type={turn && !failed ? 'default' : 'primary'} onClick={onClose}>{failed ? '知道了' : '扫完了'}</Button>
    </div>
  );
}
