import { Button, Modal } from 'antd';
import { copyText, useTellError } from '@kit/index';

/** Shown once, when the second factor is switched on or renewed. */
export function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const text = codes.join('\n');
  const tell = useTellError();
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`代发 登录备用码（每个只能用一次）\n${text}\n`], { type: 'text/plain' }));
    link.download = '代发备用码.txt';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  return (
    <Modal
      open
      title="收好这 10 个备用码"
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <div className="k-row k-end">
          <Button onClick={() => void copyText(text).catch(tell)}>复制</Button>
          <Button onClick={save}>存成文件</Button>
          <Button type="primary" onClick={onClose}>我收好了</Button>
        </div>
      }
    >
      <div className="k-stack">
        <p>手机丢了时，用其中一个代替动态码登录，每个只能用一次。关掉这个窗口后再也看不到它们。</p>
        <div className="settings-codes">{codes.map((c) => <span key={c}>{c}</span>)}</div>
      </div>
    </Modal>
  );
}
