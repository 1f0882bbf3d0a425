import type { PageFrame } from '../common/html';

export const FRAME: PageFrame = {
	system: 'Practice Zendesk',
	colour: '#1f5c54',
	navigation: [
		{ label: 'Tickets', href: '/' },
		{ label: 'New ticket', href: '/agent/tickets/new' },
		{ label: 'People', href: '/agent/users' },
	],
};
