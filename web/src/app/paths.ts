// The app's addresses. All of them are `/` or below `/app/`, where the server answers with the page itself.

export type Route =
  | { name: 'home' }
  | { name: 'login' }
  | { name: 'register' }
  | { name: 'chat'; chatId: string; info: boolean }
  | { name: 'new' }
  | { name: 'newGroup' }
  | { name: 'settings' }
  | { name: 'bill' }
  | { name: 'unknown' };

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function parsePath(path: string): Route {
  const [first, second, third, ...rest] = path.split('/').filter(Boolean);
  if (first === undefined) return { name: 'home' };
  if (first !== 'app' || rest.length > 0) return { name: 'unknown' };
  if (second === 'chat' && third === undefined) return { name: 'unknown' };
  if (third === undefined) {
    switch (second) {
      case undefined: return { name: 'home' };
      case 'login': return { name: 'login' };
      case 'register': return { name: 'register' };
      case 'new': return { name: 'new' };
      case 'settings': return { name: 'settings' };
      case 'bill': return { name: 'bill' };
      default: return { name: 'unknown' };
    }
  }
  if (second === 'new' && third === 'group') return { name: 'newGroup' };
  if (second === 'chat' && uuid.test(third)) return { name: 'chat', chatId: third.toLowerCase(), info: false };
  return { name: 'unknown' };
}

/** The information panel is the chat's address with a fragment-free suffix, so that Back closes it. */
export function parseLocation(path: string, search: string): Route {
  const route = parsePath(path);
  return route.name === 'chat' ? { ...route, info: new URLSearchParams(search).has('info') } : route;
}

export const paths = {
  home: '/',
  login: '/app/login',
  register: '/app/register',
  newChat: '/app/new',
  newGroup: '/app/new/group',
  settings: '/app/settings',
  bill: '/app/bill',
  chat: (id: string) => `/app/chat/${id}`,
  info: (id: string) => `/app/chat/${id}?info`,
};
