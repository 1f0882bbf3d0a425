import { ApiError } from '../../http/api-error';
import type { Flat, OroServer } from './oro-server';
import type { OroSettings } from './options';

/** What the OroCRM of a run can do, and whom its token stands for. Only looked at, never changed. */
export interface ServerFacts {
	/** `filter[originId]`: the configuration overlay is installed. */
	overlay: boolean;
	/** `externalId` of cases: OroCRM 6.1.10+, 7.0.2+. */
	caseKeys: boolean;
	/** `filter[searchQuery]` of contacts. */
	search: boolean;
	/** The token's user, who owns what is made. */
	owner: Flat;
	/** Somebody else who can log in: for agents with an OroCRM user. */
	colleague: Flat | undefined;
	/** E-mail in small letters → id of the OroCRM user. */
	userIds: Map<string, string>;
	/** The Zendesk integration whose scenarios run, or why there is none. */
	channel: { id: string; name: string } | { reason: string };
	cases: string;
}

export async function lookAtServer(oro: OroServer, settings: OroSettings): Promise<ServerFacts> {
	const users = (await oro.list('users', { 'fields[users]': 'email,username,firstName,lastName,enabled' })).map(
		(user) => ({
			...user,
			email: String(user.email),
		}),
	);
	const profile = await oro.single('userprofile');
	const owner = users.find((user) => user.id === profile?.id) ?? users.find((user) => (user as Flat).enabled);
	if (!owner)
		throw new Error('OroCRM shows no user: the role of the OAuth application’s user must be allowed to view users.');
	const works = (type: string, query: Record<string, string>) => takesFilter(oro, type, query);
	return {
		overlay: await works('zendesktickets', { 'filter[originId]': '1' }),
		caseKeys: await works('cases', { 'filter[externalId]': 'none' }),
		search: await works('contacts', { 'filter[searchQuery]': 'allText ~ "nobody@example.com"' }),
		owner,
		colleague: users.find((user) => (user as Flat).enabled && user.id !== owner.id && user.email.includes('@')),
		userIds: new Map(users.map((user) => [user.email.toLowerCase(), user.id])),
		channel: await findChannel(oro, settings.channel),
		cases: await oro.highestId('cases'),
	};
}

async function takesFilter(oro: OroServer, type: string, query: Record<string, string>): Promise<boolean> {
	try {
		await oro.query(type, { ...query, 'page[size]': '1' });
		return true;
	} catch (error) {
		if (error instanceof ApiError && error.status === 400) return false;
		throw error;
	}
}

async function findChannel(oro: OroServer, wanted: string | undefined): Promise<ServerFacts['channel']> {
	const channels = (await oro.list('integrationchannels')).filter((channel) => channel.channelType === 'zendesk');
	if (wanted) {
		const channel = channels.find(({ id }) => id === wanted);
		if (!channel)
			throw new Error(`OROCRM_CHANNEL_ID is ${wanted}, but OroCRM has no Zendesk integration with this id.`);
		return { id: channel.id, name: String(channel.name) };
	}
	const inactive = channels.find((channel) => channel.enabled === false);
	if (inactive) return { id: inactive.id, name: String(inactive.name) };
	return {
		reason:
			channels.length > 0
				? 'OroCRM’s Zendesk integration is active; deactivate it, or name one by OROCRM_CHANNEL_ID'
				: 'OroCRM has no Zendesk integration (System > Integrations > Manage Integrations)',
	};
}

/** The facts, for people. */
export function factsInWords(facts: ServerFacts): string[] {
	const has = (name: string, present: boolean) => `${name}: ${present ? 'yes' : 'no'}`;
	return [
		`acts as ${String(facts.owner.email)} (user ${facts.owner.id})${facts.colleague ? `, another user is ${String(facts.colleague.email)}` : ''}`,
		[
			has('overlay (filter by originId)', facts.overlay),
			has('keys of cases', facts.caseKeys),
			has('full-text search', facts.search),
		].join(', '),
		'id' in facts.channel
			? `Zendesk integration: ${facts.channel.name} (${facts.channel.id})`
			: `Zendesk integration: none is used, ${facts.channel.reason}`,
		`highest number of a case so far: ${facts.cases}`,
	];
}
