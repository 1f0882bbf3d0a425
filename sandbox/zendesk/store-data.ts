import type { Job } from './job-board';
import type {
	Account,
	Attachment,
	Audit,
	Comment,
	CustomStatus,
	Group,
	GroupMembership,
	Organization,
	Ticket,
	TicketField,
	Upload,
	User,
	UserField,
} from './types';

/** The store's content as it goes into the snapshot file. */
export interface StoreData {
	account: Account;
	nextId: number;
	nextTicketId: number;
	users: User[];
	organizations: Organization[];
	groups: Group[];
	memberships: GroupMembership[];
	customStatuses: CustomStatus[];
	ticketFields: TicketField[];
	userFields: UserField[];
	tickets: Ticket[];
	comments: Comment[];
	audits: Audit[];
	attachments: Attachment[];
	uploads: Upload[];
	jobs: Job[];
}
