import { expectSame } from './compare';
import { actAs, closeAll, expectApiHeaders, putUser, start, type Practice } from './practice';
import { describeRecorded, recorded } from './recordings';

afterEach(closeAll);

/** Puts recorded audits into the store: their tickets, authors, comments and changes. */
function putAudit({ store }: Practice, audit: any): void {
	if (!store.tickets.has(audit.ticket_id)) {
		const template = store.createTicket({ id: audit.ticket_id });
		for (const row of store.auditsOf(template.id)) {
			store.audits.delete(row.id);
			store.auditExport.remove(row.id);
		}
		store.auditIdsOfTicket.delete(template.id);
		store.commentIdsOfTicket.delete(template.id);
	}
	const comment = audit.events.find((event: any) => event.type === 'Comment');
	const changes = audit.events.filter((event: any) => event.type === 'Create' || event.type === 'Change');
	store.putAudit({
		id: audit.id,
		ticket_id: audit.ticket_id,
		created_at: audit.created_at,
		author_id: audit.author_id,
		metadata: audit.metadata,
		via: audit.via,
		comment_id: comment?.id ?? null,
		creation: changes.some((event: any) => event.type === 'Create'),
		changes: changes.map(({ value, field_name, previous_value }: any) => ({ value, field_name, previous_value })),
	});
	if (comment) putComment(store, audit, comment);
}

function putComment(store: Practice['store'], audit: any, comment: any): void {
	for (const file of comment.attachments) {
		const {
			url: _url,
			content_url,
			mapped_content_url: _mapped,
			malware_access_override: _access,
			malware_scan_result: _scan,
			thumbnails: _thumbnails,
			...kept
		} = file;
		const token = /token\/([^/]+)/.exec(content_url)![1];
		store.attachments.set(file.id, { ...kept, token, content: '' });
	}
	store.putComment({
		id: comment.id,
		ticket_id: audit.ticket_id,
		audit_id: audit.id,
		author_id: comment.author_id,
		body: comment.body,
		html_body: comment.html_body,
		plain_body: comment.plain_body,
		public: comment.public,
		attachment_ids: comment.attachments.map((file: any) => file.id),
		created_at: audit.created_at,
	});
}

/** A comment as it stands in a list, put into the store through its audit. */
function putListed(practice: Practice, ticketId: number, comment: any): void {
	const { metadata, via, created_at, author_id } = comment;
	putAudit(practice, {
		id: comment.audit_id,
		ticket_id: ticketId,
		created_at,
		author_id,
		metadata,
		via,
		events: [comment],
	});
}

describeRecorded('recorded comments', () => {
	for (const name of ['comments.list.cursor.1', 'comments.list.offset.1']) {
		recorded(name, async (recording) => {
			const practice = await start(recording.source.recordedAt);
			for (const comment of recording.responseBody.comments)
				putListed(practice, Number(/\d+/.exec(recording.path.slice(8))![0]), comment);
			const reply = await practice.replay(recording);
			expectApiHeaders(reply, recording);
			expect(reply.headers['last-modified']).toBe(recording.responseHeaders['last-modified']);
			expectSame(reply.body, recording.responseBody);
		});
	}

	test('text and HTML of a new comment are as recorded ones', async () => {
		const practice = await start();
		const { id } = practice.store.createTicket();
		const { comment } = {
			comment: practice.store.addComment(id, {
				body: 'test\n\nMy Signature\n\n[Link display text](http://example.zendesk.com)',
			}),
		};
		expect(comment.html_body).toBe(
			'<div class="zd-comment" dir="auto"><p dir="auto">test</p>\n<p dir="auto">My Signature</p>\n<p dir="auto"><a href="http://example.zendesk.com" rel="noreferrer">Link display text</a></p></div>',
		);
		expect(comment.plain_body).toBe('test \n My Signature \n Link display text');
	});

	recorded('comments.redact.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const request = recording.requestBody as any;
		const { comment } = recording.responseBody;
		const original = {
			...comment,
			body: 'ab',
			plain_body: 'ab',
			html_body: '<div class="zd-comment" dir="auto">ab<br></div>',
		};
		actAs(practice, { userId: comment.author_id });
		putListed(practice, request.ticket_id, {
			...original,
			metadata: { system: {}, custom: {} },
			via: { channel: 'web' },
			created_at: '2024-08-21T00:00:00Z',
		});
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expect(reply.headers['zendesk-ratelimit-per-ticket-updates']).toMatch(/^total=30; remaining=29/);
		expectSame(reply.body, recording.responseBody);
	});

	recorded('comments.redact_attachment.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const { attachment } = recording.responseBody;
		const [, ticketId, commentId] = /tickets\/(\d+)\/comments\/(\d+)/.exec(recording.path)!.map(Number);
		const comment = {
			id: commentId,
			type: 'Comment',
			author_id: practice.store.account.api_user_id,
			body: '',
			html_body: '',
			plain_body: '',
			public: true,
			attachments: [attachment],
			audit_id: commentId - 128,
		};
		putListed(practice, ticketId, {
			...comment,
			metadata: { system: {}, custom: {} },
			via: { channel: 'api' },
			created_at: '2024-09-06T00:00:00Z',
		});
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expect(reply.headers['zendesk-ratelimit-per-ticket-updates']).toBe(
			'total=30; remaining=29; resets=' +
				/resets=(\d+)/.exec(reply.headers['zendesk-ratelimit-per-ticket-updates'])![1],
		);
		expectSame(reply.body, recording.responseBody);
	});

	recorded('uploads.create.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const { attachment, expires_at } = recording.responseBody.upload;
		practice.clock.set(new Date(Date.parse(expires_at) - 3 * 86_400_000));
		recording.requestBody = Buffer.alloc(attachment.size);
		const reply = await practice.replay(recording, { 'content-type': attachment.content_type });
		expectApiHeaders(reply, recording);
		expect(reply.headers.location).toBe(reply.body.upload.attachment.url);
		const free = [
			'upload.token',
			'upload.*.id',
			'upload.*.*.id',
			...['url', 'content_url', 'mapped_content_url'].flatMap((key) => [`upload.*.${key}`, `upload.*.*.${key}`]),
		];
		expectSame(reply.body, recording.responseBody, { free });
		expect(reply.body.upload.token).toMatch(/^[0-9A-Za-z]{25}$/);
	});
});

describeRecorded('recorded audits', () => {
	for (const name of ['ticket_audits.list.cursor.1', 'ticket_audits.list.cursor.2', 'ticket_audits.list.cursor.3']) {
		recorded(name, async (recording) => {
			const practice = await start(recording.source.recordedAt);
			const { audits, meta } = recording.responseBody;
			practice.store.audits.clear();
			for (const audit of audits) {
				putUser(practice, { id: audit.author_id });
				putAudit(practice, audit);
			}
			if (recording.query['page[after]'])
				putAudit(practice, { ...audits[0], id: audits[0].id - 23_995_136, events: [] });
			if (meta.has_more)
				putAudit(practice, { ...audits[0], id: 9_999_999_999_999, created_at: '2024-12-31T00:00:00Z', events: [] });
			if (recording.query['page[size]'] === '100') recording.query['page[size]'] = String(audits.length);
			const reply = await practice.replay(recording);
			expectApiHeaders(reply, recording);
			const size = recording.query['page[size]'];
			for (const side of ['prev', 'next']) {
				recording.responseBody.links[side] = recording.responseBody.links[side].replace(
					/page%5Bsize%5D=\d+/,
					`page%5Bsize%5D=${size}`,
				);
			}
			// Only the events that a user's own write makes are built; rules, webhooks and channels are not.
			for (const audit of audits)
				audit.events = audit.events.filter(
					(event: any) => ['Comment', 'Create', 'Change'].includes(event.type) && !event.via,
				);
			expectSame(reply.body, recording.responseBody, { ignored: ['audits.*.events.*.id'] });
		});
	}
});
