import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { useState, type ReactNode } from 'react';

/** Copy text; also on plain http, where the clipboard API is missing. Rejects where the browser refuses. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    if (copied) return;
  }
  const box = document.createElement('textarea');
  box.value = text;
  document.body.append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  if (!copied) throw new Error('the browser does not let us copy');
}

export interface CopyableProps {
  text: string;
  children?: ReactNode;
  onOpen?: () => void;
}

/** A number with tabular digits that copies itself; with ``onOpen`` it is also the link to its detail. */
export function Copyable({ text, children, onOpen }: CopyableProps) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    copyText(text).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      },
      // The text itself is on screen.
      () => undefined,
    );
  };
  return (
    <span className="k-copyable" data-no-open>
      {onOpen ? (
        <a className="k-digits k-cut" onClick={onOpen} title={text}>{children ?? text}</a>
      ) : (
        <span className="k-digits k-cut" title={text}>{children ?? text}</span>
      )}
      <button type="button" className="k-copy" onClick={copy} aria-label={`复制 ${text}`} title={copied ? '已复制' : '复制'}>
        {copied ? <CheckOutlined /> : <CopyOutlined />}
      </button>
    </span>
  );
}
