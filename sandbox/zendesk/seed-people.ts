import type { NewUser } from './people';
import type { Store } from './store';
import type { User } from './types';

/** The showcase's people, by a short name. */
export type People = Record<
	| 'anna'
	| 'ben'
	| 'chiara'
	| 'dmitri'
	| 'erin'
	| 'light'
	| 'maria'
	| 'mueller'
	| 'yuki'
	| 'amina'
	| 'noam'
	| 'wei'
	| 'olga'
	| 'priya'
	| 'luc'
	| 'sofia'
	| 'zoe'
	| 'caller'
	| 'tweeter'
	| 'chatter'
	| 'suspended'
	| 'gone'
	| 'oneWord'
	| 'titled',
	User
>;

/** Agents with an OroCRM user of the same e-mail: Anna, Ben, Chiara. Without: Dmitri, Erin. */
const AGENTS: Array<[keyof People, NewUser]> = [
	['anna', { name: 'Anna Keller', email: 'anna.keller@example.com', role: 'agent' }],
	['ben', { name: 'Ben Okafor', email: 'ben.okafor@example.com', role: 'agent' }],
	['chiara', { name: 'Chiara Rossi', email: 'chiara.rossi@example.com', role: 'agent' }],
	['dmitri', { name: 'Dmitri Volkov', email: 'dmitri.volkov@example.com', role: 'agent' }],
	['erin', { name: 'Erin Walsh', email: 'erin.walsh@example.com', role: 'agent' }],
	[
		'light',
		{ name: 'Lena Light', email: 'lena.light@example.com', role: 'agent', role_type: 1, only_private_comments: true },
	],
];

const END_USERS: Array<[keyof People, NewUser]> = [
	['maria', { name: 'Maria Santos', email: 'maria.santos@example.com', phone: '+351 21 555 0123' }],
	['mueller', { name: 'Jürgen Müller', email: 'j.mueller@example.com', locale: 'de', locale_id: 8 }],
	['yuki', { name: '山田 ゆき', email: 'yuki.yamada@example.com', locale: 'ja', locale_id: 67 }],
	['amina', { name: 'أمينة حسن', email: 'amina.hassan@example.com', locale: 'ar', locale_id: 66 }],
	['noam', { name: 'נועם לוי', email: 'noam.levi@example.com', locale: 'he', locale_id: 30 }],
	['wei', { name: '王伟', email: 'wei.wang@example.com', locale: 'zh-cn', locale_id: 10 }],
	['olga', { name: 'Ольга Петрова', email: 'olga.petrova@example.com', locale: 'ru', locale_id: 27 }],
	['priya', { name: 'प्रिया शर्मा', email: 'priya.sharma@example.com', locale: 'hi', locale_id: 79 }],
	['luc', { name: 'Luc Lefèvre', email: 'luc.lefevre@example.com', locale: 'fr', locale_id: 16 }],
	['sofia', { name: 'Sofía García López', email: 'sofia.garcia@example.com', locale: 'es', locale_id: 2 }],
	['zoe', { name: 'Zoë 🌻 van den Berg', email: 'zoe+support@example.com' }],
	['caller', { name: 'Caller +44 20 7946 0018', email: null, phone: '+44 20 7946 0018' }],
	['tweeter', { name: 'happy_gardener', email: null }],
	['chatter', { name: 'Visitor 48213377', email: null }],
	['suspended', { name: 'Sam Spammer', email: 'sam.spammer@example.com' }],
	['gone', { name: 'Gone Customer', email: 'gone.customer@example.com' }],
	['oneWord', { name: 'Cher', email: 'cher@example.com' }],
	['titled', { name: 'Dr. Walter H. Grant Jr.', email: 'w.grant@example.com' }],
];

export function seedPeople(store: Store, created_at: string): People {
	const people = {} as People;
	const organization_id = [...store.organizations.keys()][0];
	for (const [key, user] of AGENTS) people[key] = store.createUser({ ...user, organization_id, created_at });
	for (const [key, user] of END_USERS)
		people[key] = store.createUser({ ...user, verified: user.email !== null, created_at });
	people.maria.organization_id = organization_id;
	return people;
}
