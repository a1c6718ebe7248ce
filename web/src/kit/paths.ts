import { queryString, type Query } from '@api/http';

/** The address of every screen, so that areas lead to each other without knowing each other. */
export const paths = {
  today: '/today',
  import: '/import',
  orders: '/orders',
  match: '/match',
  matched: '/match/matched',
  dispatch: '/dispatch',
  purchases: '/purchases',
  send: '/send',
  tracking: '/tracking',
  upload: '/upload',
  aftersales: '/aftersales',
  goods: '/goods',
  suppliers: '/suppliers',
  shops: '/shops',
  connections: '/connections',
  status: '/status',
  tasks: '/tasks',
  rules: '/rules',
  members: '/members',
  log: '/log',
  settings: '/settings',
  setup: '/setup',
  login: '/login',
} as const;

export type ScreenKey = keyof typeof paths;

/** ``to('orders', {tab: 'held', shop: id})`` → ``/orders?tab=held&shop=…``. */
export function to(screen: ScreenKey, query?: Query): string {
  const tail = queryString(query);
  return tail ? `${paths[screen]}?${tail}` : paths[screen];
}
