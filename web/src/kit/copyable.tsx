import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { useState, type ReactNode } from 'react';

/** Copy text; also on plain http, where the clipboard API is missing. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = document.createElement('textarea');
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand('copy');
  box.remove();
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
    void copyText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
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
