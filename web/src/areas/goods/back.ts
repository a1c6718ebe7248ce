import { to } from '@kit/index';

/** The order for whose lack of supply somebody came; its number is not known at once. */
export const backTo = (order: string, number: string | undefined): { label: string; address: string } => ({
  label: number ? `回到订单 ${number}` : '回到订单',
  address: to('orders', { tab: 'all', open: order, ...(number && { numbers: number }) }),
});
