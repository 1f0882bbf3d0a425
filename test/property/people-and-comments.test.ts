import fc from 'fast-check';
import type { CaseComment, OroContact, OroUser, TicketCommentRow, ZendeskUserRow } from '../../orocrm/types';
import { pendingComments as pendingOf } from '../../sync/comments';
import {
	chooseContact,
	chooseRow,
	chooseUser,
	comparableEmail,
	newContactAttributes,
	splitName,
	zendeskUserAttributes,
} from '../../sync/people';
import type { ZendeskComment } from '../../zendesk/types';
import { caseComment, comment, row, SITE, user } from '../unit/support/examples';

/** With the case comments that may be copies without a row, where there are some. */
const pendingComments = (
	comments: readonly ZendeskComment[],
	rows: readonly TicketCommentRow[],
	inCase: readonly CaseComment[] | null = null,
) => pendingOf(comments, { rows, inCase, elsewhere: [], adopting: inCase !== null, site: SITE });

const id = fc.integer({ min: 1, max: 300 }).map(String);
const email = fc.constantFrom('a@x.example', 'A@X.example', ' a@x.example', 'b@x.example', 'B@x.example', '');
const shuffled = <T>(list: T[]) => fc.shuffledSubarray(list, { minLength: list.length });
const withOrder = <T>(arbitrary: fc.Arbitrary<T[]>) =>
	arbitrary.chain((list) => fc.tuple(fc.constant(list), shuffled(list)));

const contacts = fc.uniqueArray(
	fc.record<OroContact>({
		id,
		firstName: fc.constant(null),
		lastName: fc.constant(null),
		primaryEmail: fc.option(email),
		emails: fc.array(email, { maxLength: 3 }),
		accounts: fc.constant([]),
	}),
	{ selector: (contact) => contact.id, maxLength: 12 },
);
const users = fc.uniqueArray(
	fc.record<OroUser>({ id, email, firstName: fc.constant(''), lastName: fc.constant(''), enabled: fc.boolean() }),
	{ selector: (one) => one.id, maxLength: 12 },
);
const personRows = fc.uniqueArray(
	fc
		.record({ id, relatedContact: fc.option(fc.constant('1')), relatedUser: fc.option(fc.constant('1')) })
		.map((values): ZendeskUserRow => row(values)),
	{ selector: (one) => one.id, maxLength: 12 },
);

describe('who stands for a person does not depend on the order of the answers', () => {
	test('contacts', () => {
		fc.assert(
			fc.property(withOrder(contacts), email, ([list, other], wanted) => {
				const chosen = chooseContact(list, wanted);
				expect(chooseContact(other, wanted)).toEqual(chosen);
				if (chosen)
					expect([chosen.primaryEmail, ...chosen.emails].map(comparableEmail)).toContain(comparableEmail(wanted));
				const primary = list.filter(
					(contact) => comparableEmail(contact.primaryEmail) === comparableEmail(wanted) && comparableEmail(wanted),
				);
				if (primary.length > 0)
					expect(chosen?.id).toBe(String(Math.min(...primary.map((contact) => Number(contact.id)))));
			}),
			{ numRuns: 500 },
		);
	});

	test('users', () => {
		fc.assert(
			fc.property(withOrder(users), email, ([list, other], wanted) =>
				expect(chooseUser(other, wanted)).toEqual(chooseUser(list, wanted)),
			),
		);
	});

	test('rows', () => {
		fc.assert(fc.property(withOrder(personRows), ([list, other]) => expect(chooseRow(other)).toEqual(chooseRow(list))));
	});
});

describe('names', () => {
	test('no word is lost, and every part fits its column', () => {
		fc.assert(
			fc.property(
				fc.array(fc.stringMatching(/^[a-zA-Zäöéשםأ王.'-]{1,12}$/), { minLength: 2, maxLength: 8 }),
				(words) => {
					const parts = splitName(words.join(' '));
					const joined = [
						parts.namePrefix,
						parts.firstName,
						parts.middleName,
						...(parts.firstName === parts.lastName ? [] : [parts.lastName]),
						parts.nameSuffix,
					]
						.filter(Boolean)
						.join(' ');
					for (const word of words) expect(joined).toContain(word);
				},
			),
		);
	});

	test('a contact and a row can be made of any person', () => {
		const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom(null, undefined, ''));
		fc.assert(
			fc.property(anything, anything, anything, (name, address, phone) => {
				const one = user({ id: 7, name: name as string, email: address as string, phone });
				const made = newContactAttributes(one);
				for (const [part, value] of Object.entries(made ?? {}))
					expect(String(value).length).toBeLessThanOrEqual(/^(first|last)Name$/.test(part) ? 100 : 255);
				if (made)
					expect(Object.keys(made).some((part) => /^(firstName|lastName|primaryEmail|primaryPhone)$/.test(part))).toBe(
						true,
					);
				expect(String(zendeskUserAttributes(one).name).length).toBeGreaterThan(0);
			}),
		);
	});
});

const commentId = fc.integer({ min: 1, max: 12 });
const ticketComments = fc.uniqueArray(
	fc
		.record({
			id: commentId,
			created_at: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'never', ''),
			body: fc.constantFrom('Thanks', 'Hello', ''),
			public: fc.boolean(),
		})
		.map((values): ZendeskComment => comment(values)),
	{ selector: (one) => one.id, maxLength: 12 },
);
const commentRows = fc.uniqueArray(
	fc.record<TicketCommentRow>({
		id,
		originId: fc.option(commentId.map(String)),
		ticket: fc.option(fc.constant('901')),
		relatedComment: fc.option(id),
	}),
	{ selector: (one) => one.id, maxLength: 12 },
);
const caseComments = fc
	.array(fc.record({ message: fc.constantFrom('Thanks', 'Hello', '<p>Hello</p>', 'Other'), public: fc.boolean() }), {
		maxLength: 6,
	})
	.map((list) => list.map((values, index): CaseComment => caseComment({ id: String(500 + index), ...values })));

describe('pending comments', () => {
	test('a comment that is tied on both sides is never among them, all others are, once', () => {
		fc.assert(
			fc.property(ticketComments, commentRows, caseComments, (comments, rows, inCase) => {
				const tied = new Set(
					rows.filter((one) => one.relatedComment !== null && one.ticket !== null).map((one) => one.originId),
				);
				const pending = pendingComments(comments, rows, inCase).map((step) => step.comment.id);
				expect([...pending].sort()).toEqual(
					comments
						.map((one) => one.id)
						.filter((one) => !tied.has(String(one)))
						.sort(),
				);
			}),
			{ numRuns: 500 },
		);
	});

	test('a comment whose row has a case comment is never copied', () => {
		fc.assert(
			fc.property(ticketComments, commentRows, caseComments, (comments, rows, inCase) => {
				const copied = new Set(rows.filter((one) => one.relatedComment !== null).map((one) => one.originId));
				for (const step of pendingComments(comments, rows, inCase))
					if (copied.has(String(step.comment.id))) expect(step.caseComment).not.toBeNull();
			}),
			{ numRuns: 500 },
		);
	});

	test('after they were written nothing is pending', () => {
		fc.assert(
			fc.property(ticketComments, commentRows, caseComments, (comments, rows, inCase) => {
				const steps = pendingComments(comments, rows, inCase);
				const written = steps.map(
					(step, index): TicketCommentRow => ({
						id: step.row?.id ?? String(9000 + index),
						originId: String(step.comment.id),
						ticket: '901',
						relatedComment: step.caseComment ?? String(7000 + index),
					}),
				);
				const kept = rows.filter((one) => !written.some((other) => other.id === one.id));
				expect(pendingComments(comments, [...kept, ...written], inCase)).toEqual([]);
			}),
			{ numRuns: 500 },
		);
	});

	test('do not depend on the order of comments and rows', () => {
		fc.assert(
			fc.property(
				withOrder(ticketComments),
				withOrder(commentRows),
				caseComments,
				([comments, other], [rows, otherRows], inCase) => {
					expect(pendingComments(other, otherRows, inCase)).toEqual(pendingComments(comments, rows, inCase));
				},
			),
			{ numRuns: 500 },
		);
	});

	test('take no case comment twice, none that is tied, and none of another openness', () => {
		fc.assert(
			fc.property(ticketComments, commentRows, caseComments, (comments, rows, inCase) => {
				const free = pendingComments(comments, rows, inCase).filter(
					(step) => step.row?.relatedComment == null && step.caseComment !== null,
				);
				expect(new Set(free.map((step) => step.caseComment)).size).toBe(free.length);
				for (const step of free) {
					expect(rows.map((one) => one.relatedComment)).not.toContain(step.caseComment);
					expect(inCase.find((one) => one.id === step.caseComment)?.public).toBe(step.comment.public);
				}
			}),
			{ numRuns: 500 },
		);
	});
});
