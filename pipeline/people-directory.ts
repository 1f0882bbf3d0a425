import { readContacts, readOroUsers } from '../orocrm/people';
import type { OroContact, OroUser } from '../orocrm/types';
import { comparableEmail } from '../sync/people';
import { findUsersByEmail, readCurrentUser, readStaff } from '../zendesk/users';
import type { ZendeskUser } from '../zendesk/types';
import type { Clients } from './clients';

/** Nobody's e-mail is longer (RFC 5321 allows 254 characters), and a question that is too long would stop the whole run. */
const LONGEST_EMAIL = 254;

/** What was asked in a run about the people of both systems, so that nothing is asked twice. */
export class PeopleDirectory {
	private readonly staff = askedOnce<ZendeskUser[]>();
	private readonly oroUsers = askedOnce<OroUser[]>();
	private readonly current = askedOnce<ZendeskUser | undefined>();
	private readonly byEmail = new Map<string, ZendeskUser | undefined>();
	private readonly contacts = new Map<string, OroContact | undefined>();

	/** Agents and admins of the account. */
	async readStaff({ zendesk }: Clients): Promise<ZendeskUser[]> {
		return await this.staff(async () => await readStaff(zendesk));
	}

	/** Users of OroCRM. */
	async readOroUsers({ oro }: Clients): Promise<OroUser[]> {
		return await this.oroUsers(async () => await readOroUsers(oro));
	}

	/** Who the Zendesk credential stands for. */
	async readCurrent({ zendesk }: Clients): Promise<ZendeskUser | undefined> {
		return await this.current(async () => await readCurrentUser(zendesk));
	}

	/** Contacts by id; those that are gone are not in the answer. */
	async readContacts(ids: readonly string[], { oro }: Clients): Promise<OroContact[]> {
		const wanted = [...new Set(ids)];
		const unknown = wanted.filter((id) => !this.contacts.has(id));
		const found = new Map((unknown.length > 0 ? await readContacts(oro, unknown) : []).map((contact) => [contact.id, contact]));
		for (const id of unknown) this.contacts.set(id, found.get(id));
		return wanted.map((id) => this.contacts.get(id)).filter((contact) => contact !== undefined);
	}

	/** Asks again for this e-mail the next time. */
	forget(email: string): void {
		this.byEmail.delete(comparableEmail(email) ?? '');
	}

	/** People by e-mail: the staff's list first, for Zendesk's search is late. */
	async findByEmail(emails: readonly string[], clients: Clients): Promise<Map<string, ZendeskUser>> {
		const wanted = [...new Set(emails.map((email) => comparableEmail(email)).filter((email) => email !== null))];
		const unknown = wanted.filter((email) => !this.byEmail.has(email));
		if (unknown.length > 0) {
			for (const user of await this.readStaff(clients)) if (user.email) this.byEmail.set(comparableEmail(user.email) ?? '', user);
			const missing = unknown.filter((email) => !this.byEmail.has(email) && email.length <= LONGEST_EMAIL);
			const found = missing.length > 0 ? await findUsersByEmail(clients.zendesk, missing) : new Map<string, ZendeskUser>();
			for (const email of unknown) if (!this.byEmail.has(email)) this.byEmail.set(email, found.get(email));
		}
		return new Map(wanted.flatMap((email) => (this.byEmail.get(email) ? [[email, this.byEmail.get(email) as ZendeskUser]] : [])));
	}
}

/** Asks when the answer is wanted first; a failure is no answer, so the next one asks again. */
function askedOnce<T>(): (ask: () => Promise<T>) => Promise<T> {
	let answer: Promise<T> | undefined;
	return (ask) =>
		(answer ??= ask().catch((error: unknown) => {
			answer = undefined;
			throw error;
		}));
}
