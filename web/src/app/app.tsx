import { QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { RouterProvider } from 'react-router/dom';
import { queries } from '@api/queries';
import { nonce } from './nonce';
import { router } from './routes';
import { theme } from './theme';

dayjs.locale('zh-cn');

export function Product() {
  return (
    <ConfigProvider
      locale={zhCN}
      theme={theme}
      componentSize="small"
      csp={{ nonce }}
      button={{ autoInsertSpace: false }}
      form={{ validateMessages: { required: '请填${label}' } }}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConfigProvider>
  );
}
