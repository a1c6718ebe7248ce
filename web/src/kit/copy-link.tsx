import { App, Input } from 'antd';
import { useCallback } from 'react';
import { post } from '@api/http';
import type { components } from '@api/schema';
import { ActionButton } from './action-button';
import { copyText } from './copyable';

type SupplierLink = components['schemas']['SupplierLinkOut'];

/** Links as people get them: each path behind this page's own address. */
export const linkText = (origin: string, links: readonly { path: string; supplier?: string }[]): string =>
  links.map((l) => `${l.supplier ? `${l.supplier}：` : ''}${origin}${l.path}`).join('\n');

/** Copy a text and say so; where the browser refuses, it is shown to be copied by hand. */
export function useCopyText(said: string): (text: string) => Promise<void> {
  const { message, modal } = App.useApp();
  return useCallback(
    async (text: string) => {
      try {
        await copyText(text);
        void message.success(said);
      } catch {
        modal.info({
          title: '浏览器不让复制，请选中后自己复制',
          content: <Input.TextArea readOnly autoSize autoFocus value={text} onFocus={(e) => e.target.select()} />,
          okText: '好了',
        });
      }
    },
    [message, modal, said],
  );
}

export const useCopyLink = () => useCopyText('链接已复制');

/** A supplier's current link once more: copying it is no new sending. */
export function CopyLinkButton({ supplierId }: { supplierId: string }) {
  const copy = useCopyLink();
  return (
    <ActionButton
      look="link"
      label="复制链接"
      refresh={[]}
      run={async (key) => {
        const found = await post<SupplierLink>(`/api/sending/suppliers/${supplierId}/link`, {}, { key });
        await copy(linkText(location.origin, [found]));
      }}
    />
  );
}
