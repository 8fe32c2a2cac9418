// Plausible people and things they say, for looking at the app without a server.
import type { User } from '../../src/client/types';

const names = [
  'Mara Keller', 'Anna Lindqvist', 'Bilal Haddad', 'Chiara Rossi', 'Diego Fuentes', 'Emeka Obi', 'Freya Holm', 'Goran Petrović', 'Hana Sato',
  'Inês Duarte', 'Jonas Weber', 'Kavya Rao', 'Lucía Ortega', 'Mirjam de Vries', 'Noor Aziz', 'Oleksandr Bondarenko', 'Priya Natarajan', 'Quentin Roux',
  'Rosa Álvarez', 'Søren Kjær', 'Tomasz Wójcik', 'Uma Krishnamurthy-Wolfeschlegelstein', 'Viktor Nagy', 'Wanjiru Kamau', 'Xu Wei', 'Yusuf Demir', 'Zoë Martin',
];

export const people: User[] = names.map((name, index) => ({
  id: `00000000-0000-4000-8000-${(index + 1).toString(16).padStart(12, '0')}`,
  username: name.normalize('NFD').replace(/\p{M}/gu, '').replace('ø', 'o').replace('æ', 'ae').toLowerCase().split(' ')[0]!.replace(/[^a-z]/g, ''),
  display_name: name,
  created_at: '2026-01-05T09:00:00.000Z',
}));

export const lines = [
  'Morning! Did the parts arrive?',
  'They did, all eleven boxes. One is a bit squashed, but the filters inside are fine.',
  'Phew.',
  'Can you send me the list when you have a minute? I want to check it against the invoice before Thursday.',
  'Sure, give me until lunch',
  'No rush 🙂',
  'The route over the pass is open again, by the way. They cleared it last night.',
  'Oh good. Then we save two hours.',
  'I still think we should leave at six. Seven at the latest.',
  'Six it is.\nI’ll bring coffee, you bring the map.',
  'Deal',
  'https://www.openstreetmap.org/#map=12/46.5571/8.5614 here is where we turn off (right after the bridge).',
  'Got it, thanks!',
  '👍',
  'What about the second car? Jonas said his is at the garage until Friday, something with the gearbox, and the rental place wants a deposit that I don’t really want to pay for one weekend.',
  'Let me ask my sister, she’s not using hers',
  '🏔️🚐☀️',
  'She says yes!',
  'You two are the best. I owe you a dinner.',
  'Two dinners 😄',
];

export const groupLines = [
  'Who is in for Saturday?',
  'Me!',
  'Depends on the weather, but yes',
  'I can take three people from the station.',
  'Then we have eleven seats in total, which should be enough even if Diego’s cousins come along.',
  'They are coming 😅',
  'Eleven it is',
  'Should somebody book the hut? Last year it was full by Wednesday.',
  'Done this morning. Confirmation number is KX-2291, under my name.',
  '🎉',
  'Legend.',
  'I made a list of what to bring: https://pad.example.org/p/saturday-list — please add to it',
  'Sleeping bags or are there blankets?',
  'Blankets, but bring a liner.',
];
