import {
  ApiOutlined, AppstoreOutlined, AuditOutlined, BranchesOutlined, CloudUploadOutlined, ContainerOutlined, DashboardOutlined, FileSearchOutlined, HeartOutlined,
  ImportOutlined, LinkOutlined, OrderedListOutlined, PartitionOutlined, ProfileOutlined, RollbackOutlined, SendOutlined, SettingOutlined, ShopOutlined,
  TeamOutlined, TruckOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { ScreenKey } from '@kit/paths';

export interface MenuEntry {
  screen: ScreenKey;
  label: string;
  icon: ReactNode;
  /** Shown only to those who may; without it to everybody. */
  may?: string;
}

export interface MenuGroup {
  title: string;
  entries: readonly MenuEntry[];
}

export const MENU: readonly MenuGroup[] = [
  {
    title: '每天',
    entries: [
      { screen: 'today', label: '今日', icon: <DashboardOutlined /> },
      { screen: 'import', label: '导入', icon: <ImportOutlined /> },
      { screen: 'orders', label: '订单', icon: <OrderedListOutlined /> },
      { screen: 'match', label: '匹配', icon: <LinkOutlined /> },
      { screen: 'dispatch', label: '派单', icon: <PartitionOutlined /> },
      { screen: 'purchases', label: '采购单', icon: <ContainerOutlined /> },
      { screen: 'send', label: '发给供应商', icon: <SendOutlined /> },
      { screen: 'tracking', label: '回填单号', icon: <TruckOutlined /> },
      { screen: 'upload', label: '上传平台', icon: <CloudUploadOutlined /> },
      { screen: 'aftersales', label: '售后', icon: <RollbackOutlined /> },
    ],
  },
  {
    title: '资料',
    entries: [
      { screen: 'goods', label: '商品', icon: <AppstoreOutlined /> },
      { screen: 'suppliers', label: '供应商', icon: <ProfileOutlined /> },
      { screen: 'shops', label: '店铺', icon: <ShopOutlined /> },
    ],
  },
  {
    title: '管理',
    entries: [
      { screen: 'connections', label: '授权', icon: <ApiOutlined />, may: 'connections.view' },
      { screen: 'status', label: '运行状态', icon: <HeartOutlined />, may: 'connections.view' },
      { screen: 'tasks', label: '任务中心', icon: <AuditOutlined /> },
      { screen: 'rules', label: '规则', icon: <BranchesOutlined /> },
      { screen: 'members', label: '成员与权限', icon: <TeamOutlined /> },
      { screen: 'log', label: '操作日志', icon: <FileSearchOutlined /> },
      { screen: 'settings', label: '设置', icon: <SettingOutlined /> },
    ],
  },
];
