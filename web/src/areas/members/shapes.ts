import type { components } from '@api/schema';

export type Member = components['schemas']['MemberOut'];
export type Role = components['schemas']['RoleOut'];
export type Permission = components['schemas']['PermissionOut'];

export interface Named {
  id: string;
  name: string;
}

/** Permissions in their groups, in the order of the answer. */
export function grouped(permissions: readonly Permission[]): [string, Permission[]][] {
  const groups = new Map<string, Permission[]>();
  for (const one of permissions) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups];
}

/** ``全部店铺`` · ``1 个店铺：家居旗舰店`` · ``3 个店铺``. */
export function scopeText(scope: readonly string[] | null, noun: string, known: readonly Named[]): string {
  if (scope === null) return `全部${noun}`;
  if (scope.length === 0) return `没有${noun}`;
  const names = scope.map((id) => known.find((k) => k.id === id)?.name).filter((n) => n !== undefined);
  return scope.length <= 2 && names.length === scope.length ? names.join('、') : `${scope.length} 个${noun}`;
}

/** A key for a new role: the server asks for one, people give names. */
export const newRoleKey = (): string => `role-${Math.random().toString(36).slice(2, 10)}`;
